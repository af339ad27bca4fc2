import type { Json } from '../json.ts'
import { isUnsure, unsure } from './answer.ts'
import { addressType6, hopsOf, lookup } from './fib.ts'
import { addressType } from './local.ts'
import type { Read } from './nft-seen.ts'
import { familyOfPacket } from './packet.ts'

/** `fib daddr type`, `fib saddr . iif oif`. */
export function readFib(body: Json): Read | undefined {
  const flags = Array.isArray(body['flags']) ? (body['flags'] as unknown[]) : [body['flags']]
  const side = flags.includes('saddr') ? 'src' : 'dst'
  if (body['result'] === 'type')
    return ({ space, packet, iif, oif }) => {
      const device = flags.includes('iif') ? iif : flags.includes('oif') ? oif : undefined
      if (familyOfPacket(packet) === 6) {
        const type = addressType6(space, packet[side], device)
        return isUnsure(type) ? type : { kind: 'word', text: type }
      }
      const type = addressType(space, familyOfPacket(packet), packet[side], device)
      return type === undefined ? unsure('the table local is not known') : { kind: 'word', text: type }
    }
  if (side !== 'src' || flags.includes('oif')) return undefined
  return ({ space, packet, iif }) => {
    if (iif === 'lo') return { kind: 'name', text: iif }
    const mark = flags.includes('mark') ? packet.mark : 0
    const found = lookup(space, familyOfPacket(packet), {
      dst: packet.src,
      src: packet.dst,
      iif: 'lo',
      mark,
      tos: packet.tos,
    })
    if (found.kind === 'unknown') return unsure(found.because)
    // An address of its own is no way back (nft_fib4_eval); of several next hops each counts.
    const devices =
      found.kind === 'route' && found.route.type === 'unicast' ? hopsOf(found.route).map(({ dev }) => dev) : []
    if (!flags.includes('iif')) return { kind: 'name', text: devices[0] ?? '' }
    return { kind: 'name', text: devices.includes(iif) ? iif : '' }
  }
}
