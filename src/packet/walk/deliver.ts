import { accepts, isWildcard } from '../ss.ts'
import type { Listener } from '../ss.ts'
import { mirrored, sameTuple, tupleOf } from './packet.ts'
import type { Packet } from './packet.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Ended } from './stage.ts'

/** The packet is for this namespace: who takes it. */
export function deliver(sight: Sight): Ended {
  const { packet } = sight
  if (packet.answers) return answered(sight)
  const listeners = listenersFor(sight)
  if (!listeners) return unknownAt(whereOf(sight), `the ${packet.proto} sockets are not known`)
  const socket = packet.proxy
    ? proxied(listeners, sight)
    : listenerAt(listeners, packet, packet.dst, packet.dport, sight.iif)
  if (socket) {
    const text = `${socket.address}:${socket.port}`
    const crowd = crowded(listeners, socket)
    if (crowd !== undefined) return { kind: 'dropped', why: crowd, by: whereOf(sight, { text }) }
    note(sight, 'deliver', { text })
    return { kind: 'delivered', namespace: sight.space.name, socket }
  }
  if (packet.proxy)
    return { kind: 'dropped', why: 'nobody listens on the port of the transparent proxy', by: whereOf(sight) }
  const how = packet.proto === 'tcp' ? 'tcp-reset' : 'icmp-port-unreachable'
  return { kind: 'refused', namespace: sight.space.name, with: how }
}

/** The program does not take connections off its queue, and the kernel drops new ones: unless another socket shares the port. */
function crowded(
  listeners: readonly Listener[],
  { proto, address, port, full, processes }: Listener,
): string | undefined {
  if (!full) return undefined
  const shares = listeners.some(
    (one) => one.proto === proto && one.address === address && one.port === port && !one.full,
  )
  const who = processes[0]?.name ?? 'the program there'
  return shares
    ? undefined
    : `${full.waiting} connections wait to be accepted by ${who}, which has room for ${full.room + 1}`
}

export const listenersFor = ({ space, packet }: Sight): readonly Listener[] | undefined =>
  packet.proto === 'tcp' ? space.index.state.tcp : space.index.state.udp

/** The most exact one: bound to the address, then to the device, then to the family (inet_lookup_listener). */
export function listenerAt(
  listeners: readonly Listener[],
  packet: Packet,
  address: string,
  port: number | undefined,
  iif: string,
): Listener | undefined {
  if (port === undefined) return undefined
  return listeners
    .filter((one) => one.proto === packet.proto && accepts(one, address, port, iif))
    .toSorted((a, b) => rank(a) - rank(b))[0]
}

const rank = (one: Listener): number =>
  (isWildcard(one) ? 4 : 0) + (one.device === undefined ? 2 : 0) + (one.address === '*' ? 1 : 0)

function proxied(listeners: readonly Listener[], { packet, iif }: Sight): Listener | undefined {
  const { address = packet.dst, port } = packet.proxy ?? {}
  return listenerAt(listeners, packet, address, port, iif)
}

/** The answer is back: its socket takes it only when it comes from where it sent to. */
function answered(sight: Sight): Ended {
  const { packet, space, world } = sight
  const { asked } = world
  if (!asked || asked.namespace !== space.name) {
    const why = `the answer came to ${space.name}, which did not ask`
    return { kind: 'dropped', why, by: whereOf(sight) }
  }
  const wanted = mirrored(asked.tuple)
  const about = packet.track?.flow?.original ?? packet.about
  const right =
    packet.proto === 'icmp' ? about !== undefined && sameTuple(about, asked.tuple) : sameTuple(tupleOf(packet), wanted)
  if (right) return { kind: 'returned', namespace: space.name }
  const why = `the answer comes from ${packet.src}:${packet.sport ?? '?'} and not from ${wanted.src}:${wanted.sport ?? '?'}`
  return { kind: 'dropped', why, by: whereOf(sight) }
}

export const rightAnswer = (packet: Packet, asked: ReturnType<typeof tupleOf>): boolean =>
  packet.proto === 'icmp' || sameTuple(tupleOf(packet), mirrored(asked))
