import { isWildcard } from '../ss.ts'
import { codes } from './icmp-codes.ts'
import { travel } from './journey.ts'
import { output } from './output.ts'
import { addressOf } from './local.ts'
import { familyOfPacket, mirrored, tupleOf } from './packet.ts'
import type { Packet } from './packet.ts'
import { foreignSource, wayOut } from './way.ts'
import { setting } from './settings.ts'
import { chance, whereOf } from './world.ts'
import type { Sight, Space, World } from './world.ts'
import { byPort } from './reset.ts'
import { end } from './stage.ts'
import type { Stage } from './stage.ts'
import type { Back, Verdict } from './types.ts'

/** The way back of what answers the packet; undefined: nothing does. */
export function answer(world: World, packet: Packet, verdict: Verdict): Back | undefined {
  const started = start(world, packet, verdict)
  if (!started) return undefined
  const [reply, stage] = started
  const { hops, chances, beyond } = world
  world.hops = []
  world.chances = []
  if (beyond) beyond.passed = []
  const ended = travel(world, reply, stage())
  const passed = beyond && { passed: beyond.passed }
  const back: Back = { hops: world.hops, verdict: ended, tuple: tupleOf(reply), chances: world.chances, ...passed }
  world.hops = hops
  world.chances = chances
  return back
}

function start(world: World, packet: Packet, verdict: Verdict): readonly [Packet, () => Stage] | undefined {
  const place = placeOf(verdict)
  const space = place === undefined ? undefined : world.spaces.get(place)
  if (!space) return undefined
  switch (verdict.kind) {
    case 'delivered':
      return served(world, space, packet, verdict)
    case 'refused':
      if (verdict.with === 'tcp-reset')
        return own(world, space, { ...replyTo(packet, ['RST', 'ACK']), tos: packet.tos })
      return own(world, space, errorFor(packet, packet.dst, [3, 3], [1, 4]))
    case 'rejected':
      return rejection(world, space, packet, verdict.with, verdict.by.at === 'input')
    case 'unreachable': {
      if (packet.owner && verdict.how !== 'neighbour') return atOnce(space, packet)
      const [four, six] = codes[verdict.how]
      return told(world, space, errorFor(packet, '', four, six), verdict.by.iif)
    }
    case 'looped':
      return told(world, space, errorFor(packet, '', ...codes.ttl), verdict.by.iif)
    case 'dropped':
    case 'unknown':
      return undefined
  }
}

function placeOf(verdict: Verdict): string | undefined {
  switch (verdict.kind) {
    case 'delivered':
    case 'refused':
      return verdict.namespace
    case 'rejected':
    case 'unreachable':
    case 'looped':
      return verdict.by.namespace
    case 'dropped':
    case 'unknown':
      return undefined
  }
}

const sent = (world: World, space: Space, packet: Packet, device?: string): readonly [Packet, () => Stage] => [
  packet,
  () => output(world, space, packet, device),
]

/** Of IPv4, nothing is answered from an address the namespace does not have (ip_route_output_key_hash_rcu). */
function own(world: World, space: Space, packet: Packet, device?: string): readonly [Packet, () => Stage] {
  const foreign = familyOfPacket(packet) === 4 ? foreignSource(world, space, packet) : undefined
  if (foreign?.kind !== 'unreachable') return sent(world, space, packet, device)
  const { why, by } = foreign
  return [packet, () => end({ kind: 'dropped', why, by })]
}

/** An ICMPv6 error comes from an address of the device it leaves by, or, in newer kernels, of the one the packet came by. */
function told(world: World, space: Space, error: Packet, iif: string | undefined): readonly [Packet, () => Stage] {
  const inbound = iif === undefined || familyOfPacket(error) === 4 ? undefined : addressOf(space, 6, iif, error.dst)
  const plain = inbound === undefined ? undefined : wayOut(world, space, { ...error }, undefined)
  if (inbound === undefined || !plain || !('way' in plain) || plain.source === inbound) return sent(world, space, error)
  const sight: Sight = { world, space, packet: error, at: 'route', iif: '', oif: '' }
  const where = whereOf(sight, {
    text: `the error comes from ${inbound}, where the packet came in, not ${plain.source}`,
  })
  return [
    error,
    () => {
      error.src = chance(world, where) ? inbound : plain.source
      return output(world, space, error, undefined)
    },
  ]
}

/** The kernel tells the program itself: nothing is sent. */
const atOnce = (space: Space, packet: Packet): readonly [Packet, () => Stage] => [
  replyTo(packet, []),
  () => end({ kind: 'returned', namespace: space.name }),
]

function served(
  world: World,
  space: Space,
  packet: Packet,
  { socket }: Verdict & { kind: 'delivered' },
): readonly [Packet, () => Stage] {
  const reply = replyTo(packet, ['SYN', 'ACK'])
  // The kernel may answer with the class it was asked with; which one a program asks for is not known.
  const reflects = packet.proto === 'tcp' && setting(space, 'net.ipv4.tcp_reflect_tos') === 1
  if (reflects && packet.tos !== 0) reply.tos = undefined
  reply.owner = { uid: socket.uid ?? 0, gid: undefined }
  const { src } = reply
  // A transparent socket answers from any address; one of UDP from the port it was asked at only if the program sees to it.
  if (packet.proxy) {
    const asker: Sight = { world, space, packet: reply, at: 'socket', iif: '', oif: '' }
    const where = whereOf(asker, { text: `the proxy answers from port ${packet.dport ?? '?'}, where it was asked` })
    return [
      reply,
      () => {
        if (packet.proto === 'udp' && !chance(world, where)) reply.sport = socket.port
        return output(world, space, reply, socket.device)
      },
    ]
  }
  if (packet.proto === 'tcp' || !isWildcard(socket)) return own(world, space, reply, socket.device)
  // The kernel chooses the source of what an unbound socket sends, unless the program asks for another: both occur.
  const plain = wayOut(world, space, { ...reply, src: '' }, socket.device)
  const given = 'way' in plain ? plain.source : src
  if (given === src) return sent(world, space, reply, socket.device)
  const sight: Sight = { world, space, packet: reply, at: 'socket', iif: '', oif: '' }
  const text = `the program answers from ${src}, where it was asked, and not from ${given}, which the kernel chooses`
  const asked = whereOf(sight, { text })
  return [
    reply,
    () => {
      if (!chance(world, asked)) reply.src = given
      return output(world, space, reply, socket.device)
    },
  ]
}

function rejection(
  world: World,
  space: Space,
  packet: Packet,
  how: string,
  local: boolean,
): readonly [Packet, () => Stage] {
  if (how === 'tcp-reset') {
    const reset = { ...replyTo(packet, ['RST', 'ACK']), track: related(packet) }
    return packet.physin === undefined ? sent(world, space, reset) : [reset, () => byPort(world, space, packet, reset)]
  }
  const codes: readonly [RegExp, number][] = [
    [/port-unreach/, 3],
    [/proto-unreach/, 2],
    [/net-unreach|no-route/, 0],
    [/net-prohibited/, 9],
    [/host-prohibited/, 10],
    [/adm/, 13],
  ]
  const code = codes.find(([name]) => name.test(how))?.[1] ?? 1
  return sent(
    world,
    space,
    errorFor(packet, local ? packet.dst : '', [3, code], [1, code === 3 ? 4 : code === 13 ? 1 : 0]),
  )
}

const related = ({ track }: Packet): Packet['track'] =>
  track && { flow: track.flow, way: 'reply', state: track.flow ? 'RELATED' : 'INVALID' }

export function replyTo(packet: Packet, flags: readonly string[]): Packet {
  const { src, sport, dst, dport } = mirrored(tupleOf(packet))
  return { ...fresh(packet), src, sport, dst, dport, flags }
}

/** An ICMP error about the packet, from `src` or whichever address the kernel chooses. */
function errorFor(packet: Packet, src: string, four: readonly number[], six: readonly number[]): Packet {
  return {
    ...fresh(packet),
    proto: 'icmp',
    src,
    sport: undefined,
    dst: packet.src,
    dport: undefined,
    tos: errorTos(packet),
    size: 60,
    flags: [],
    icmp: (packet.dst.includes(':') ? six : four).join('/'),
    about: tupleOf(packet),
    track: related(packet),
  }
}

/** ICMP answers with the precedence of internetwork control (icmp_send), ICMPv6 with none. */
const errorTos = ({ dst, tos }: Packet): number | undefined =>
  dst.includes(':') ? 0 : tos === undefined ? undefined : 0xc0 | (tos & 0x1e)

const fresh = (packet: Packet): Packet => ({
  ...packet,
  mark: 0,
  // What answers a first packet is small.
  size: 60,
  ttl: 64,
  ttlBy: undefined,
  tos: 0,
  owner: undefined,
  track: undefined,
  untracked: false,
  pieces: false,
  zone: undefined,
  physin: undefined,
  physout: undefined,
  proxy: undefined,
  answers: true,
})
