import type { Match } from '../iptables-match.ts'
import { unsure } from './answer.ts'
import type { Answer } from './answer.ts'
import { hopsOf, lookup } from './fib.ts'
import type { Test } from './match.ts'
import { among } from './match-port.ts'
import { familyOfPacket } from './packet.ts'
import type { Packet } from './packet.ts'

/** `-m ttl`, `-m dscp`, `-m length`. */
export function matchField({ field, from, to, text }: Match & { readonly kind: 'field' }): Test {
  return ({ packet }) => {
    if (field === 'length') return matchLength(packet, from, to, text)
    const value = field === 'ttl' ? packet.ttl : packet.tos === undefined ? undefined : packet.tos >>> 2
    return value === undefined
      ? unsure(`the ${field === 'ttl' ? 'TTL' : 'DSCP'} is not known`)
      : among([{ from, to }], value)
  }
}

/** Bytes of options differ from kernel to kernel: a first segment of TCP, and what answers it, is within these. */
function matchLength(packet: Packet, from: number, to: number, text: string): Answer {
  const header = familyOfPacket(packet) === 4 ? 20 : 40
  const [least, most] = packet.proto === 'tcp' && packet.size === 60 ? [header + 20, header + 60] : [header + 8, 65_535]
  if (from <= least && to >= most) return true
  return to < least || from > most ? false : unsure(`whether the length is within ${text} is not known`)
}

/** net/ipv4/netfilter/ipt_rpfilter.c: whether the way back to the source is by the device the packet came in by. */
export function matchReverse({ loose, mark, local }: Match & { readonly kind: 'rpfilter' }, unmodelled: Answer): Test {
  return ({ space, packet, iif }) => {
    if (familyOfPacket(packet) === 6) return unmodelled
    if (iif === 'lo') return true
    const { src, dst, tos } = packet
    const found = lookup(space, 4, { dst: src, src: dst, iif: 'lo', mark: mark ? packet.mark : 0, tos, uid: 0 })
    if (found.kind === 'unknown') return unsure(found.because)
    if (found.kind !== 'route') return false
    const { type } = found.route
    if (type !== 'unicast' && !(type === 'local' && local)) return false
    return loose || hopsOf(found.route).some(({ dev }) => dev === iif)
  }
}
