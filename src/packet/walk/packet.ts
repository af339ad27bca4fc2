import { familyOf } from '../ipaddr.ts'
import type { Family } from '../ipaddr.ts'
import type { Range } from '../ip-route.ts'
import { present } from '../parsed.ts'
import type { Tuple, Where } from './types.ts'

/** The packet on its way. The walk changes it as the kernel does. */
export interface Packet {
  proto: Tuple['proto']
  src: string
  sport: number | undefined
  /** Where the kernel chooses a port from; undefined: not known. */
  ports: Range | undefined
  dst: string
  dport: number | undefined
  /** Undefined: a rule that cannot be decided may have changed it. */
  mark: number | undefined
  size: number
  readonly df: boolean
  /** It travels in fragments: only the first one has the ports. */
  pieces: boolean
  /** Undefined, as with the mark: a rule that cannot be decided may have changed it. */
  ttl: number | undefined
  /** The rule that changed it. */
  ttlBy: Where | undefined
  /** Type of service, or traffic class: DSCP and ECN. */
  tos: number | undefined
  readonly flags: readonly string[]
  /** Type of an ICMP message, as the rules name it. */
  readonly icmp?: string
  /** The packet an ICMP error is about, as it was on the wire where the error is now. */
  about?: Tuple
  /** The program's socket, until the packet leaves its namespace. */
  owner: { readonly uid: number | undefined; readonly gid: number | undefined } | undefined
  /** Its connection in the namespace it is in. */
  track: Track | undefined
  untracked: boolean
  /** The zone of connections a rule chose for it. */
  zone: number | undefined
  /** Bridge ports it came in by and leaves by, while br_netfilter sees it; null: one that nobody names. */
  physin: string | null | undefined
  physout: string | undefined
  /** Of a packet sent back: the answer itself, or the ICMP error. */
  readonly answers: boolean
  /** A transparent proxy rule chose this socket. */
  proxy: { readonly address: string | undefined; readonly port: number } | undefined
}

/** A connection a namespace knows. `reply` differs from the mirrored original when addresses are translated. */
export interface Flow {
  /** Connections of other zones are others, whatever their addresses. */
  readonly zone: number
  readonly original: Tuple
  reply: Tuple
  mark: number | undefined
  replied: boolean
  /** The first packet went all the way through a namespace. */
  confirmed: boolean
  /** Whether rules were asked for a translation already. */
  dst: 'open' | 'none' | 'changed'
  src: 'open' | 'none' | 'changed'
  /** It was there before the walk. */
  readonly old: boolean
  /** A new connection with the same tuple replaces it. */
  readonly ended: boolean
}

export interface Track {
  readonly flow: Flow | undefined
  readonly way: 'original' | 'reply'
  readonly state: 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID'
}

export const tupleOf = ({ proto, src, sport, dst, dport }: Packet | Tuple): Tuple =>
  present<Tuple>({ proto, src, sport, dst, dport })

export const mirrored = ({ proto, src, sport, dst, dport }: Tuple): Tuple =>
  present<Tuple>({ proto, src: dst, sport: dport, dst: src, dport: sport })

export const sameTuple = (a: Tuple, b: Tuple): boolean =>
  a.proto === b.proto && a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport

export const familyOfPacket = (packet: { readonly dst: string }): Family => familyOf(packet.dst) ?? 4

/** What a packet loses when it leaves its namespace (net/core/skbuff.c, skb_scrub_packet). */
export function scrub(packet: Packet, across: boolean): void {
  if (packet.about && packet.track?.flow) packet.about = packet.track.flow.original
  packet.track = undefined
  packet.untracked = false
  packet.zone = undefined
  packet.physin = undefined
  packet.physout = undefined
  packet.proxy = undefined
  if (!across) return
  packet.mark = 0
  packet.owner = undefined
}
