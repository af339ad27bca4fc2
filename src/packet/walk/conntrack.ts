import type { ConntrackEntry } from '../conntrack.ts'
import { present } from '../parsed.ts'
import { unlessPassed } from './beyond.ts'
import { memo } from './indexed.ts'
import { setting } from './settings.ts'
import { familyOfPacket, mirrored, sameTuple, tupleOf } from './packet.ts'
import type { Flow, Packet, Track } from './packet.ts'
import { tracks } from './tracking.ts'
import { chance, note, unknownAt, whereOf } from './world.ts'
import type { Sight, Space } from './world.ts'
import type { Tuple, Verdict } from './types.ts'

/** The connection a packet belongs to: one that exists, or a new one (net/netfilter/nf_conntrack_core.c). */
export function track(sight: Sight): Verdict | undefined {
  const { packet, space } = sight
  // Conntrack puts a packet together first.
  if (tracks(space, familyOfPacket(packet))) packet.pieces = false
  // A packet that was looked at already, as on the loopback device, keeps its connection.
  if (packet.track || packet.untracked || !tracks(space, familyOfPacket(packet))) return undefined
  if (packet.about) {
    packet.track = aboutFlow(space, packet.about, zoneOf(packet))
    return undefined
  }
  const tuple = tupleOf(packet)
  const flow = find(space, zoneOf(packet), tuple)
  if (flow) {
    const way = sameTuple(flow.original, tuple) ? 'original' : 'reply'
    if (way === 'reply') flow.replied = true
    const reopened = flow.old && way === 'original' && opens(packet) && flow.ended
    if (!reopened) {
      packet.track = { flow, way, state: flow.replied ? 'ESTABLISHED' : 'NEW' }
      if (flow.old) note(sight, 'existing connection')
      return undefined
    }
  }
  // An answer to a connection nobody saw is no connection.
  if (packet.proto === 'icmp' || (packet.proto === 'tcp' && !opens(packet))) {
    packet.track = { flow: undefined, way: 'original', state: 'INVALID' }
    return undefined
  }
  // The kernel gives it another port, or drops it where nothing is translated (nf_nat_used_tuple).
  if (packet.answers && find(space, zoneOf(packet), mirrored(tuple)))
    return unknownAt(whereOf(sight), 'another connection has the addresses and ports of the answer')
  return unlessPassed(sight.world, full(sight)) ?? begin(sight, tuple)
}

const zoneOf = ({ zone = 0 }: Packet): number => zone

const opens = ({ proto, flags }: Packet): boolean => proto === 'tcp' && flags.includes('SYN') && !flags.includes('ACK')

/** A new connection. */
export function begin({ space, packet }: Sight, tuple: Tuple): undefined {
  const flow: Flow = {
    zone: zoneOf(packet),
    original: tuple,
    reply: mirrored(tuple),
    mark: 0,
    replied: false,
    confirmed: false,
    dst: 'open',
    src: 'open',
    old: false,
    ended: false,
  }
  space.flows.push(flow)
  packet.track = { flow, way: 'original', state: 'NEW' }
  return undefined
}

function full(sight: Sight): Verdict | undefined {
  const [count, most] = ['count', 'max'].map((name) => setting(sight.space, `net.netfilter.nf_conntrack_${name}`))
  if (typeof count !== 'number' || typeof most !== 'number' || most === 0 || count < most) return undefined
  // The kernel may make room by dropping a connection that was never answered.
  const where = whereOf(sight, { text: `nf_conntrack_count ${count} of nf_conntrack_max ${most}` })
  return chance(sight.world, where) ? { kind: 'dropped', why: 'the connection table is full', by: where } : undefined
}

function find(space: Space, zone: number, tuple: Tuple): Flow | undefined {
  const fits = (flow: Flow): boolean =>
    flow.zone === zone && (sameTuple(flow.original, tuple) || sameTuple(flow.reply, tuple))
  const recent = space.flows.findLast(fits)
  if (recent) return recent
  // The kernel chooses a port that no connection has.
  if (tuple.sport === undefined || tuple.dport === undefined) return undefined
  const entries = memo(space.index, 'conntrack', () => tableOf(space.index.state.conntrack ?? []))
  const entry = entries.get(keyOf(zone, tuple))
  if (!entry) return undefined
  const flow = flowOf(entry)
  space.flows.push(flow)
  return flow
}

const keyOf = (zone: number, { proto, src, sport, dst, dport }: Tuple): string =>
  [zone, proto, src, sport, dst, dport].join(' ')

function tableOf(entries: readonly ConntrackEntry[]): ReadonlyMap<string, ConntrackEntry> {
  const table = new Map<string, ConntrackEntry>()
  for (const entry of entries) {
    if (entry.proto !== 'tcp' && entry.proto !== 'udp') continue
    for (const side of [entry.original, entry.reply])
      table.set(keyOf(zoneIn(entry), entryTuple(entry.proto, side)), entry)
  }
  return table
}

/** Zones of one direction only are none a packet may ask for. */
const zoneIn = ({ fields }: ConntrackEntry): number => {
  if ('zone-orig' in fields || 'zone-reply' in fields) return -1
  return Number(fields['zone'] ?? 0)
}

const entryTuple = (proto: 'tcp' | 'udp', side: ConntrackEntry['original']): Tuple =>
  present<Tuple>({ proto, src: side.src, sport: side.sport, dst: side.dst, dport: side.dport })

function flowOf(entry: ConntrackEntry): Flow {
  const { proto, original, reply, unreplied, mark, state } = entry
  const kind = proto === 'udp' ? 'udp' : 'tcp'
  const [first, second] = [entryTuple(kind, original), entryTuple(kind, reply)]
  return {
    zone: zoneIn(entry),
    original: first,
    reply: second,
    mark: mark ?? 0,
    replied: !unreplied,
    confirmed: true,
    dst: second.src !== first.dst || second.sport !== first.dport ? 'changed' : 'none',
    src: second.dst !== first.src || second.dport !== first.sport ? 'changed' : 'none',
    old: true,
    // A new connection may take the place of one that is over.
    ended: ['TIME_WAIT', 'CLOSE', 'LAST_ACK'].includes(state ?? ''),
  }
}

/** An ICMP error belongs to the connection of the packet it is about. */
function aboutFlow(space: Space, about: Tuple, zone: number): Track {
  const flow = space.flows.findLast(
    (one) => one.zone === zone && (sameTuple(one.reply, mirrored(about)) || sameTuple(one.original, about)),
  )
  return { flow, way: 'reply', state: flow ? 'RELATED' : 'INVALID' }
}
