import { hook } from './hooks.ts'
import { hasAddress } from './local.ts'
import { learn } from './neighbour.ts'
import { familyOfPacket } from './packet.ts'
import { hookedOutside } from './outside-hooks.ts'
import type { Packet } from './packet.ts'
import type { End, Leg } from './segment.ts'
import { bridgesToHooks } from './settings.ts'
import { unknownAt, whereOf } from './world.ts'
import type { Sight, Space, World } from './world.ts'
import type { Verdict } from './types.ts'

/** Why the neighbour `next` stays unknown to the namespace; undefined: it is found. */
export function unanswered(sight: Sight, device: string, next: string, target: End): Verdict | undefined {
  const { world, space, packet } = sight
  if (familyOfPacket({ dst: next }) === 4) return undefined
  const by = whereOf({ ...sight, at: 'neighbour', oif: device }, { text: next })
  // Whoever has the address itself, if only to no avail, heeds no answer for it (ndisc_recv_na).
  if (hasAddress(space, 6, device, next)) {
    const why = `${next} is an address of ${device} itself, which another one has: no answer for it is heeded`
    return { kind: 'unreachable', how: 'neighbour', why, by }
  }
  const asker = hasAddress(space, 6, device, packet.src) ? packet.src : linkLocal(space, device)
  if (asker === undefined) {
    const why = `${device} has no link-local address to ask from who has ${next}`
    return { kind: 'unreachable', how: 'neighbour', why, by }
  }
  const lost = discover(world, space, device, next, target, asker)
  if (!lost || lost.kind === 'unknown') return lost
  const { namespace, at, table = '', chain = '', text = '' } = 'by' in lost ? lost.by : { namespace: '', at: '' }
  const culprit = [namespace, at, table, chain, text].filter((part) => part !== '').join(' ')
  const why = `the question who has ${next}, or its answer, is lost: ${culprit}`
  return { kind: 'unreachable', how: 'neighbour', why, by }
}

/**
 * IPv6 asks for link addresses with packets that meet the same rules as all others, in both directions: a firewall that
 * drops them cuts its host off. Gives what became of the question or its answer; undefined: it was answered.
 */
function discover(
  world: World,
  space: Space,
  device: string,
  next: string,
  end: End,
  asker: string,
): Verdict | undefined {
  // What the rules do to it is told only when it goes wrong.
  const quiet: World = { ...world, hops: [] }
  const question = message('135/0', asker, solicited(next))
  const answer = message('136/0', next, asker)
  const other = world.spaces.get(end.namespace)
  if (!other) return undefined
  const asked =
    sent(quiet, space, question, device) ??
    carried(quiet, question, end.legs) ??
    taken(quiet, other, question, end.device)
  if (asked) return asked
  learn(world, end, asker, { namespace: space.name, device })
  return (
    sent(quiet, other, answer, end.device) ??
    carried(quiet, answer, turned(end.legs)) ??
    taken(quiet, space, answer, device)
  )
}

const linkLocal = ({ index }: Space, device: string): string | undefined =>
  index.links.get(device)?.addresses.find(({ family, scope }) => family === 6 && scope === 'link')?.address

const message = (icmp: string, src: string, dst: string): Packet => ({
  proto: 'icmp',
  src,
  sport: undefined,
  ports: undefined,
  dst,
  dport: undefined,
  mark: 0,
  size: 72,
  df: false,
  ttl: 255,
  ttlBy: undefined,
  tos: 0,
  flags: [],
  icmp,
  owner: undefined,
  track: undefined,
  // Conntrack leaves these messages alone (nf_conntrack_proto_icmpv6.c).
  untracked: true,
  pieces: false,
  zone: undefined,
  physin: undefined,
  physout: undefined,
  answers: false,
  proxy: undefined,
})

/** ff02::1:ff00:0/104 and the last 24 bits of the address. */
function solicited(address: string): string {
  const tail = /([0-9a-f]{0,4}):([0-9a-f]{1,4})$/i.exec(address)
  const high = (tail?.[1] ?? '').slice(-2) || '0'
  return `ff02::1:ff${high.padStart(2, '0')}:${tail?.[2] ?? '0'}`
}

const sent = (world: World, space: Space, packet: Packet, oif: string): Verdict | undefined => {
  const sight: Sight = { world, space, packet, at: 'output', iif: '', oif }
  return hook({ ...sight, at: 'output' }) ?? hook({ ...sight, at: 'postrouting' })
}

/** The rules of the bridges it crosses; where it is taken up at a bridge, its prerouting is done there. */
function carried(world: World, packet: Packet, legs: readonly Leg[]): Verdict | undefined {
  for (const leg of legs) {
    const space = world.spaces.get(leg.namespace)
    if (!space) return undefined
    if (leg.kind === 'in') packet.mark = 0
    const framed = hookedOutside({ world, space, packet, at: 'neighbour', iif: leg.device, oif: leg.device }, leg)
    if (framed) return framed
    if (leg.kind !== 'bridge' || leg.from === undefined || leg.to === undefined) continue
    const { device: bridge } = leg
    const sight: Sight = { world, space, packet, at: 'bridge', iif: bridge, oif: '' }
    const hooked = bridgesToHooks(space, 6, bridge)
    if (hooked === undefined)
      return unknownAt(whereOf(sight), 'whether bridged frames go through the IP rules is not known')
    if (!hooked) continue
    packet.physin = leg.from
    const first = hook({ ...sight, at: 'prerouting' })
    if (first) return first
    packet.physout = leg.to
    const ended =
      hook({ ...sight, at: 'forward', oif: bridge }) ?? hook({ ...sight, at: 'postrouting', iif: '', oif: bridge })
    if (ended) return ended
    packet.physin = undefined
    packet.physout = undefined
  }
  return undefined
}

/** A message whose hop limit is not 255 any more is ignored (net/ipv6/ndisc.c, ndisc_rcv). */
function taken(world: World, space: Space, packet: Packet, iif: string): Verdict | undefined {
  const sight: Sight = { world, space, packet, at: 'prerouting', iif, oif: '' }
  const ended = hook({ ...sight, at: 'prerouting' }) ?? hook({ ...sight, at: 'input' })
  if (ended || packet.ttl === 255) return ended
  const by = packet.ttlBy ?? whereOf(sight)
  return packet.ttl === undefined
    ? unknownAt(by, 'whether a rule changed the hop limit of neighbour discovery is not known')
    : { kind: 'dropped', why: 'neighbour discovery is ignored where its hop limit is not 255', by }
}

/** The same way back. */
const turned = (legs: readonly Leg[]): readonly Leg[] =>
  legs.toReversed().map((leg) => {
    const { namespace, device } = leg
    if (leg.kind !== 'bridge') return { kind: leg.kind === 'in' ? 'out' : 'in', namespace, device }
    const { from, to } = leg
    return { kind: 'bridge', namespace, device, ...(to ? { from: to } : {}), ...(from ? { to: from } : {}) }
  })
