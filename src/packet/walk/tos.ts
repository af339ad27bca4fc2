import { dscpOf } from '../dscp.ts'
import { mark32 } from '../parsed.ts'

/** Bits of the type of service that are the DSCP; the other two are ECN's. */
const dscpBits = 0xfc

/** Older names of a whole type of service (/etc/iproute2/rt_dsfield). */
const services: Readonly<Record<string, number>> = {
  lowdelay: 0x10,
  throughput: 0x08,
  reliability: 0x04,
  mincost: 0x02,
}

/**
 * Whether a routing rule or route for this type of service is for the packet's; undefined: not known. Kernels differ in
 * which of its bits they compare: the old ones in three (IPTOS_RT_MASK), newer ones in the whole DSCP.
 */
export function servesTos(written: string | undefined, tos: number | undefined): boolean | undefined {
  const dscp = written === undefined ? 0 : dscpOf(written)
  const wanted =
    written === undefined
      ? 0
      : (mark32(written) ?? services[written.toLowerCase()] ?? (dscp === undefined ? undefined : dscp << 2))
  if (wanted === 0) return true
  if (wanted === undefined || tos === undefined) return undefined
  const seen = [tos & dscpBits, tos & 0x1c, tos & 0x1e].map((one) => one === wanted)
  return seen.every((one) => one === seen[0]) ? seen[0] : undefined
}
