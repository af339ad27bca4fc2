import type { XfrmPolicy } from '../xfrm.ts'
import { inside } from './address.ts'
import { dependsOnCaller } from './anyone.ts'
import { familyOfPacket, mirrored, tupleOf } from './packet.ts'
import type { Packet } from './packet.ts'
import { larger } from './settings.ts'
import { unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Tuple, Verdict } from './types.ts'

/**
 * A policy of IPsec for packets that are taken (in), passed on (fwd) or sent (out) here. What one blocks or wraps is not
 * modelled; undefined: none does (net/xfrm/xfrm_policy.c).
 */
export function policed(sight: Sight, dir: 'in' | 'fwd' | 'out'): Verdict | undefined {
  const { space, packet, iif, oif } = sight
  const { xfrm = [] } = space.index.state
  const device = dir === 'out' ? oif : iif
  // lo has both settings from the start.
  if (xfrm.length === 0 || device === 'lo') return undefined
  const off = dir === 'out' ? 'disable_xfrm' : 'disable_policy'
  if (familyOfPacket(packet) === 4 && (larger(space, 4, device, off) ?? 0) > 0) return undefined
  const tuples = dir === 'out' ? [tupleOf(packet)] : asTranslated(packet)
  const fitting = xfrm
    .filter((one) => one.dir === dir && (one.dev === undefined || one.dev === device))
    .toSorted((a, b) => a.priority - b.priority || Number(isPlain(a)) - Number(isPlain(b)))
  for (const one of fitting) {
    const fits = tuples.map((tuple) => fit(sight, one, tuple))
    if (fits.every((answer) => answer === false)) continue
    if (!isPlain(one)) return unknownAt(whereOf(sight, { text: one.text }), 'policies of IPsec are not modelled')
    if (fits.every((answer) => answer === true)) return undefined
  }
  return undefined
}

const isPlain = ({ block, wraps }: XfrmPolicy): boolean => !block && !wraps

/** What comes in is looked at with the addresses it had before its translation, too. */
function asTranslated(packet: Packet): readonly Tuple[] {
  const { flow, way } = packet.track ?? {}
  if (!flow) return [tupleOf(packet)]
  const [own, other] = way === 'reply' ? [flow.reply, flow.original] : [flow.original, flow.reply]
  return [tupleOf(packet), own, mirrored(other)]
}

function fit(sight: Sight, policy: XfrmPolicy, { src, dst, proto, sport, dport }: Tuple): boolean | undefined {
  const ends = [
    [policy.src, src],
    [policy.dst, dst],
  ] as const
  const open = ends.map(([network, address]) => dependsOnCaller(sight, address, network) !== undefined)
  if (ends.some(([network, address], i) => !open[i] && !inside(network, address))) return false
  if (policy.proto !== undefined && policy.proto !== proto) return false
  const ports = [
    [policy.sport, sport],
    [policy.dport, dport],
  ] as const
  if (ports.some(([asked, port]) => asked !== undefined && port !== undefined && asked !== port)) return false
  return open.includes(true) || ports.some(([asked, port]) => asked !== undefined && port === undefined)
    ? undefined
    : true
}
