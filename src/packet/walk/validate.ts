import type { Family } from '../ipaddr.ts'
import { hopsOf, lookup } from './fib.ts'
import type { Asked } from './fib.ts'
import { memo } from './indexed.ts'
import { anyAddress, isOwn } from './local.ts'
import { larger } from './settings.ts'
import type { Packet } from './packet.ts'
import { unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import type { Space } from './world.ts'

export interface Arrival {
  readonly src: string
  readonly dst: string
  readonly dev: string
  readonly mark: number | undefined
  /** Missing for questions of ARP. */
  readonly packet?: Packet
  /** The device it leaves by, when it is forwarded. */
  readonly oif?: string
}

/** Why a packet is dropped; `filter`: because of rp_filter. */
interface Invalid {
  readonly drop: string
  readonly filter?: true
}

/** Whether the kernel takes a source that comes in by this device (net/ipv4/fib_frontend.c, fib_validate_source). */
export function validSource(space: Space, family: Family, arrival: Arrival): true | Invalid | Unsure {
  // IPv6 has no such check of its own.
  if (family === 6) return true
  const { src, dev } = arrival
  const [strictness, acceptLocal, useMark] = ['rp_filter', 'accept_local', 'src_valid_mark'].map((name) =>
    larger(space, 4, dev, name),
  )
  if (strictness === undefined) return unsure(`the rp_filter setting of ${dev} is not known`)
  if (acceptLocal === undefined) return unsure(`the accept_local setting of ${dev} is not known`)
  if (strictness === 0) {
    if (acceptLocal > 0) return true
    const custom = customRoutes(space)
    if (custom === undefined) return unsure('the policy rules are not known')
    if (!custom) return isOwn(space, 4, src) ? { drop: martian(src) } : true
  }
  if (useMark === undefined) return unsure(`the src_valid_mark setting of ${dev} is not known`)
  return reverse(space, arrival, strictness, acceptLocal > 0, useMark > 0)
}

const martian = (src: string): string => `martian source: ${src} is an address of this namespace itself`

function reverse(
  space: Space,
  { src, dst, dev, mark, oif, packet }: Arrival,
  strictness: number,
  acceptLocal: boolean,
  useMark: boolean,
): true | Invalid | Unsure {
  const asked = {
    dst: src,
    src: dst,
    iif: oif ?? 'lo',
    mark: useMark ? mark : 0,
    tos: packet?.tos ?? 0,
    uid: 0,
    ...turned(packet),
  }
  const found = lookup(space, 4, asked)
  if (found.kind === 'unknown') return unsure(found.because)
  const last = (): true | Invalid =>
    strictness > 0
      ? { drop: `rp_filter of ${dev} is ${strictness} and there is no route back to ${src}`, filter: true }
      : true
  if (found.kind !== 'route') return last()
  const { route } = found
  if (route.type !== 'unicast' && (route.type !== 'local' || !acceptLocal)) return { drop: martian(src) }
  if (hopsOf(route).some((hop) => hop.dev === dev) || (route.type === 'local' && dev === 'lo')) return true
  if (!anyAddress(space, 4, dev)) return last()
  if (strictness !== 1) return true
  return {
    drop: `rp_filter of ${dev} is 1 and the way back to ${src} is ${hopsOf(route)[0]?.dev ?? 'another device'}`,
    filter: true,
  }
}

/** The way back is asked for with the ports the other way round. */
const turned = (packet: Packet | undefined): Partial<Asked> =>
  packet ? { proto: packet.proto, sport: packet.dport, dport: packet.sport, ports: packet.ports } : {}

/** Rules or local routes that somebody added make the kernel look the source up in full. */
function customRoutes({ index }: Space): boolean | undefined {
  return memo(index, 'custom routes', () => {
    const { rules4, routes4 } = index.state
    if (!rules4 || !routes4) return undefined
    const plain =
      rules4.length <= 3 &&
      rules4.every(({ src, dst, table = '' }) => src === 'all' && dst === 'all' && usual.has(table))
    return !plain || routes4.some(({ type, protocol }) => type === 'local' && protocol !== 'kernel')
  })
}

const usual = new Set(['local', 'main', 'default'])
