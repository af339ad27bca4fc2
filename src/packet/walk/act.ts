import type { Bits } from '../iptables-target.ts'
import { isUnsure, unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import { present } from '../parsed.ts'
import { listenerAt, listenersFor } from './deliver.ts'
import { firstAddress } from './local.ts'
import { bind } from './nat.ts'
import type { Change } from './nat.ts'
import { tupleOf } from './packet.ts'
import { accepted, stop } from './program.ts'
import type { Next, Place } from './program.ts'
import { rewrite } from './nat.ts'
import { chance, note, unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'

/** What targets do to a packet, whichever program wrote the rule. */

export function drop(sight: Sight, place: Place): Next {
  note(sight, 'drop', place)
  return stop({ kind: 'dropped', why: place.text ?? `dropped in ${place.chain}`, by: whereOf(sight, place) })
}

export function reject(sight: Sight, place: Place, how: string): Next {
  note(sight, 'reject', place)
  const { packet } = sight
  // A reset is no answer to anything but TCP: such a rule drops the rest.
  if (how === 'tcp-reset' && packet.proto !== 'tcp')
    return stop({ kind: 'dropped', why: 'a reset answers TCP only', by: whereOf(sight, place) })
  return stop({ kind: 'rejected', with: how, by: whereOf(sight, place) })
}

export const unknownHere = (sight: Sight, place: Place, because: string): Next =>
  stop(unknownAt(whereOf(sight, place), because))

export function accept(sight: Sight, place: Place): Next {
  note(sight, 'accept', place)
  return accepted
}

/** The new mark is (old & ~mask) ^ value; a mask of all bits overwrites what is not known. */
export const marked = (old: number | undefined, { value, mask }: Bits): number | undefined =>
  old === undefined && mask !== 0xffffffff ? undefined : (((old ?? 0) & ~mask) ^ value) >>> 0

export function setMark(sight: Sight, place: Place, bits: Bits): undefined {
  sight.packet.mark = marked(sight.packet.mark, bits)
  note(sight, 'mark', place)
}

/** Time to live or hop limit; undefined: a rule that cannot be decided may change it. */
export function setTtl(sight: Sight, place: Place, ttl: number | undefined): undefined {
  const { packet } = sight
  if (packet.ttl === ttl) return
  packet.ttl = ttl === undefined ? undefined : Math.max(0, Math.min(255, ttl))
  packet.ttlBy = whereOf(sight, place)
  if (ttl !== undefined) note(sight, 'ttl', place)
}

/** The new type of service is (old & ~mask) ^ value. */
export function setTos(sight: Sight, place: Place, { value, mask }: Bits): undefined {
  const { packet } = sight
  packet.tos = packet.tos === undefined && mask !== 0xff ? undefined : (((packet.tos ?? 0) & ~mask) ^ value) & 0xff
  note(sight, 'tos', place)
}

/** nfmask and ctmask as in net/netfilter/xt_connmark.c. */
export function saveMark({ packet }: Sight, nfmask: number, ctmask: number): void {
  const flow = packet.track?.flow
  if (!flow) return
  const { mark } = packet
  flow.mark =
    mark === undefined || flow.mark === undefined ? undefined : ((flow.mark & ~ctmask) ^ (mark & nfmask)) >>> 0
}

export function restoreMark(sight: Sight, place: Place, nfmask: number, ctmask: number): undefined {
  const { packet } = sight
  const flow = packet.track?.flow
  if (!flow) return undefined
  const { mark } = packet
  packet.mark =
    mark === undefined || flow.mark === undefined ? undefined : ((mark & ~nfmask) ^ (flow.mark & ctmask)) >>> 0
  note(sight, 'mark', place)
  return undefined
}

export function notrack(sight: Sight, place: Place): undefined {
  if (!sight.packet.track && sight.packet.zone === undefined) sight.packet.untracked = true
  note(sight, 'notrack', place)
  return undefined
}

/** The zone its connection is looked for in; the first rule that says one decides. */
export function setZone(sight: Sight, place: Place, zone: number): undefined {
  const { packet } = sight
  // nftables takes what was left alone before as well (nft_ct_set_zone_eval).
  if (place.by === 'nftables') packet.untracked = false
  if (!packet.track && !packet.untracked) packet.zone ??= zone
  note(sight, 'zone', place)
  return undefined
}

/** Looks for the socket of a transparent proxy; true when it has the packet now. */
export function toProxy(sight: Sight, place: Place, to: string | undefined, port: number): boolean | Unsure {
  const { packet, space, iif, world } = sight
  const address = to ?? firstAddress(space, iif, packet.dst) ?? packet.dst
  const listeners = listenersFor(sight)
  if (!listeners) return unsure(`the ${packet.proto} sockets are not known`)
  const socket = listenerAt(listeners, packet, address, port === 0 ? packet.dport : port, iif)
  if (!socket) return false
  // Only a socket that asked for it may take what is meant for others, and no command that is used here shows it.
  const text = `the socket ${socket.address}:${socket.port} is transparent`
  if (!chance(world, whereOf(sight, { ...place, text }))) return false
  packet.proxy = { address, port: socket.port }
  note(sight, 'tproxy', place)
  return true
}

export function translate(sight: Sight, place: Place, change: Change): Next {
  const before = tupleOf(sight.packet)
  if (sight.packet.proxy) return unknownHere(sight, place, 'a transparent proxy has the packet already')
  const bound = bind(sight, change)
  if (bound === 'skipped') return accepted
  if (isUnsure(bound)) return unknownHere(sight, place, bound.unknown)
  // The rule asks for no drop: the kernel drops what it cannot translate.
  if (typeof bound === 'object')
    return stop({
      kind: 'dropped',
      why: bound.drop,
      by: whereOf(sight, present<{ text?: string }>({ text: place.text })),
    })
  const side = change.kind === 'snat' || change.kind === 'masquerade' ? 'src' : 'dst'
  rewrite(sight.world, sight.packet, side)
  note(sight, change.kind, place, before)
  return accepted
}
