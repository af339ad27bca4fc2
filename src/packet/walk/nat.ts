import { equal, familyOf } from '../ipaddr.ts'
import type { PortRange } from '../iptables-match.ts'
import { dotted, ready } from './address.ts'
import { isUnsure, unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import { addressOf, firstAddress } from './local.ts'
import { familyOfPacket, mirrored, sameTuple } from './packet.ts'
import type { Packet } from './packet.ts'
import { whereOf } from './world.ts'
import type { Sight, World } from './world.ts'
import { present } from '../parsed.ts'
import type { Tuple } from './types.ts'

/** What a NAT target says, whichever program wrote it. */
export interface Change {
  readonly kind: 'dnat' | 'snat' | 'masquerade' | 'redirect'
  readonly address?: string
  /** Given for a range of addresses: the kernel picks one. */
  readonly lastAddress?: string
  readonly ports?: PortRange
  /** The port is chosen at random. */
  readonly random: boolean
}

export type Bound = 'bound' | 'skipped' | { readonly drop: string } | Unsure

/** Translates the connection; `drop`: the kernel drops the packet instead. */
export function bind(sight: Sight, change: Change): Bound {
  const { packet } = sight
  const flow = packet.track?.flow
  if (!flow) return 'skipped'
  const source = change.kind === 'snat' || change.kind === 'masquerade'
  const first = addressFor(sight, change)
  if (typeof first !== 'string') return first
  const to = change.lastAddress === undefined ? first : oneOf(sight, first, change.lastAddress)
  if (typeof to !== 'string') return to
  if (familyOf(to) !== familyOfPacket(packet)) return unsure(`${to} is no address of this packet's family`)
  const { ports } = change
  const one = ports !== undefined && ports.from === ports.to
  const held = source ? packet.sport : packet.dport
  const fits = ports !== undefined && held !== undefined && ports.from <= held && held <= ports.to
  // A port inside of the range stays; a source keeps its port when it can.
  const kept = ports === undefined || (fits && !change.random)
  const picked = !source && !one && !kept ? pick(sight, ports.to - ports.from + 1) : undefined
  if (isUnsure(picked)) return picked
  const port = one
    ? ports.from
    : picked !== undefined
      ? (ports?.from ?? 0) + picked
      : kept && !(source && change.random)
        ? held
        : undefined
  const { reply } = flow
  flow.reply = present<Tuple>(source ? { ...reply, dst: to, dport: port } : { ...reply, src: to, sport: port })
  // A translation to what is there already is none.
  const changed = !sameTuple(reply, flow.reply) || (source && change.random) ? 'changed' : 'none'
  if (source) flow.src = changed
  else flow.dst = changed
  if (source && port === undefined && changed === 'changed' && (change.random || ports))
    packet.ports = ports ?? { from: 1024, to: 65535 }
  return 'bound'
}

/** More targets than it makes sense to follow one by one. */
const most = 8

/** The kernel picks one of these by a sum over the packet: the walk goes every way. */
function pick(sight: Sight, count: number): number | Unsure {
  if (count < 1 || count > most) return unsure(`the kernel picks one of ${count} targets`)
  const { choices, chances } = sight.world
  const picked = choices.choose(count)
  chances.push({ where: whereOf(sight, { text: `target ${picked + 1} of ${count}` }), matched: true })
  return picked
}

function oneOf(sight: Sight, from: string, to: string): string | Unsure {
  const [low, high] = [ready(from), ready(to)]
  if (low?.family !== 4 || high?.family !== 4)
    return equal(from, to) ? from : unsure('the kernel picks one of several addresses')
  const picked = pick(sight, high.value - low.value + 1)
  return isUnsure(picked) ? picked : dotted(low.value + picked)
}

function addressFor(sight: Sight, change: Change): string | { readonly drop: string } | Unsure {
  const { space, packet, at, iif, oif, gateway } = sight
  const family = familyOfPacket(packet)
  const own = change.kind === 'masquerade' || (change.kind === 'redirect' && at !== 'output')
  if (own && !space.index.state.links) return unsure(`the addresses of ${space.name} are not known`)
  switch (change.kind) {
    case 'dnat':
      return change.address ?? packet.dst
    case 'snat':
      return change.address ?? packet.src
    case 'redirect':
      if (at === 'output') return family === 4 ? '127.0.0.1' : '::1'
      return firstAddress(space, iif, packet.dst) ?? { drop: `${iif} has no address to redirect to` }
    case 'masquerade':
      return (
        addressOf(space, family, oif, family === 4 ? (gateway ?? packet.dst) : packet.dst) ?? {
          drop: `${oif} has no address to masquerade as`,
        }
      )
  }
}

/** Writes the translation of the packet's connection into it (nf_nat_packet). */
export function rewrite(world: World, packet: Packet, side: 'dst' | 'src'): void {
  const { track } = packet
  if (!track?.flow) return
  const { flow, way } = track
  const reply = way === 'reply'
  // What is undone at this hook for answers is what the other hook did.
  const changed = (side === 'dst') === reply ? flow.src : flow.dst
  if (changed !== 'changed') return
  const target: Tuple = reply ? mirrored(flow.original) : mirrored(flow.reply)
  if (side === 'dst') {
    packet.dst = target.dst
    if (packet.proto !== 'icmp') packet.dport = target.dport
  } else {
    packet.src = target.src
    if (packet.proto !== 'icmp') packet.sport = target.sport
  }
  if (reply && side === 'dst' && packet.dport === undefined) packet.ports = world.ports
}
