import { isLinkLocal, isUnspecified } from '../ipaddr.ts'
import type { Match } from '../iptables-match.ts'
import { unsure } from './answer.ts'
import { hopsOf, lookup } from './fib.ts'
import type { Looked } from './fib.ts'
import type { Test } from './match.ts'
import { familyOfPacket } from './packet.ts'
import type { Sight } from './world.ts'

type Reverse = Match & { readonly kind: 'rpfilter' }

/** Whether the way back to the source is by the device the packet came in by (ipt_rpfilter.c, ip6t_rpfilter.c). */
export const matchReverse =
  (match: Reverse): Test =>
  (sight) => {
    const { packet, iif } = sight
    const six = familyOfPacket(packet) === 6
    if (iif === 'lo' || (six && isUnspecified(packet.src))) return true
    const found = back(sight, match, six && isLinkLocal(packet.src))
    if (found.kind === 'unknown') return unsure(found.because)
    if (found.kind !== 'route') return false
    const { type } = found.route
    if (type === 'local' && match.local) return match.loose || six || leads(found, iif)
    if (type !== 'unicast') return false
    if (match.loose || leads(found, iif)) return true
    // Of several routes to one IPv6 network any will do.
    const near = six ? back(sight, match, true) : undefined
    return near?.kind === 'route' && near.route.dst === found.route.dst && leads(near, iif)
  }

const leads = (found: Looked, device: string): boolean =>
  found.kind === 'route' && hopsOf(found.route).some(({ dev }) => dev === device)

function back({ space, packet, iif }: Sight, { mark }: Reverse, strict: boolean): Looked {
  const { src, dst, tos, proto } = packet
  const family = familyOfPacket(packet)
  return lookup(space, family, {
    dst: src,
    src: dst,
    iif: 'lo',
    mark: mark ? packet.mark : 0,
    tos,
    uid: 0,
    ...(family === 6 ? { proto } : {}),
    ...(strict ? { on: iif } : {}),
  })
}
