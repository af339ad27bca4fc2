import { parseNetwork } from './ipaddr.ts'
import type { Family } from './ipaddr.ts'
import { at, has, marked, number, parseRecords, record, records, string, strings } from './json.ts'
import type { Json } from './json.ts'
import { mark32, present } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** One next hop of a multipath route. */
export interface Hop {
  readonly gateway?: string
  readonly dev?: string
  readonly weight: number
  readonly flags: readonly string[]
}

export interface Route {
  readonly family: Family
  /** `default` or a network with its prefix (`10.0.0.1/32`). */
  readonly dst: string
  readonly prefix: number
  readonly gateway?: string
  readonly dev?: string
  /** main, local, or another table's name or number. */
  readonly table: string
  /** unicast, local, broadcast, multicast, anycast, blackhole, unreachable, prohibit, throw */
  readonly type: string
  /** Lower wins; 0 when none is printed. */
  readonly metric: number
  /** Source address the kernel prefers for packets it sends this way. */
  readonly prefsrc?: string
  readonly scope?: string
  readonly protocol?: string
  /** Set when the route is only for packets from this source network. */
  readonly from?: string
  /** Set when the route is only for this type of service. */
  readonly tos?: string
  /** Bytes, when the route carries its own MTU. */
  readonly mtu?: number
  /** The next hops of a multipath route, else empty. */
  readonly hops: readonly Hop[]
  /** linkdown, dead, onlink, offload, … */
  readonly flags: readonly string[]
}

export interface Range {
  readonly from: number
  readonly to: number
}

/** One routing policy rule; the kernel tries them by rising `priority`. */
export interface RouteRule {
  readonly priority: number
  /** The selectors are inverted as a whole. */
  readonly not: boolean
  /** `all` or a network. */
  readonly src: string
  readonly dst: string
  readonly iif?: string
  readonly oif?: string
  readonly fwmark?: { readonly value: number; readonly mask: number }
  readonly tos?: string
  readonly uids?: Range
  readonly proto?: string
  readonly sports?: Range
  readonly dports?: Range
  /** lookup, goto, nop, unreachable, blackhole, prohibit */
  readonly action: string
  readonly table?: string
  readonly goto?: number
  /** Routes found with a prefix of this length or shorter do not count. */
  readonly suppressPrefix?: number
  /** Keys this parser has no field for; such a rule cannot be simulated. */
  readonly other: readonly string[]
}

/** Reads `ip -j -4 route show table all` (family 4) or `-6` (family 6): `default` does not tell its family. */
export const parseRoutes = (text: string, family: Family): Parsed<readonly Route[]> =>
  parseRecords(text, (entry) => {
    const dst = string(entry, 'dst')
    const network = dst === 'default' ? parseNetwork(family === 4 ? '0.0.0.0/0' : '::/0') : parseNetwork(dst ?? '')
    if (dst === undefined || network?.family !== family) return 'a route without a destination of its family'
    return present<Route>({
      family,
      dst: dst === 'default' || dst.includes('/') ? dst : `${dst}/${network.prefix}`,
      prefix: network.prefix,
      gateway: gatewayOf(entry),
      dev: string(entry, 'dev'),
      table: tableOf(entry) ?? 'main',
      type: string(entry, 'type') ?? 'unicast',
      metric: number(entry, 'metric') ?? 0,
      prefsrc: string(entry, 'prefsrc'),
      scope: string(entry, 'scope'),
      protocol: string(entry, 'protocol'),
      from: string(entry, 'from'),
      tos: string(entry, 'tos'),
      mtu: records(entry, 'metrics')
        .map((metric) => number(metric, 'mtu'))
        .find((mtu) => mtu !== undefined),
      hops: records(entry, 'nexthops').map(readHop),
      flags: strings(entry, 'flags'),
    })
  })

/** Reads `ip -j rule show`. */
export const parseRouteRules = (text: string): Parsed<readonly RouteRule[]> =>
  parseRecords(text, (entry) => {
    const priority = number(entry, 'priority')
    if (priority === undefined) return 'a rule without priority'
    const target = number(entry, 'goto')
    const fwmark = markOf(entry)
    if (fwmark === null) return 'a rule whose mark cannot be read'
    return present<RouteRule>({
      priority,
      not: has(entry, 'not'),
      src: selector(entry, 'src'),
      dst: selector(entry, 'dst'),
      iif: string(entry, 'iif'),
      oif: string(entry, 'oif'),
      fwmark,
      tos: string(entry, 'tos'),
      uids: range(entry, 'uid'),
      proto: string(entry, 'ipproto'),
      sports: range(entry, 'sport'),
      dports: range(entry, 'dport'),
      action: has(entry, 'goto') ? 'goto' : has(entry, 'nop') ? 'nop' : (string(entry, 'action') ?? 'lookup'),
      table: tableOf(entry),
      goto: target,
      suppressPrefix: number(entry, 'suppress_prefixlen'),
      other: Object.keys(entry).filter((key) => !known.has(key)),
    })
  })

// A device that is not there is none a packet comes in or leaves by.
const known = new Set(
  'priority not src srclen dst dstlen iif oif fwmark fwmask tos uid_start uid_end ipproto sport sport_start sport_end dport dport_start dport_end action table goto nop suppress_prefixlen protocol iif_detached oif_detached'.split(
    ' ',
  ),
)

const gatewayOf = (entry: Json): string | undefined =>
  // An IPv6 gateway of an IPv4 route is printed as `via`.
  string(entry, 'gateway') ?? string(record(entry, 'via') ?? {}, 'host')

const readHop = (entry: Json): Hop =>
  present<Hop>({
    gateway: gatewayOf(entry),
    dev: string(entry, 'dev'),
    weight: number(entry, 'weight') ?? 1,
    flags: [...strings(entry, 'flags'), ...marked(entry)],
  })

const tableOf = (entry: Json): string | undefined => string(entry, 'table') ?? number(entry, 'table')?.toString()

function selector(entry: Json, key: 'src' | 'dst'): string {
  const address = string(entry, key) ?? 'all'
  if (address === 'all' || address.includes('/')) return address
  return `${address}/${number(entry, `${key}len`) ?? (address.includes(':') ? 128 : 32)}`
}

function range(entry: Json, key: string): Range | undefined {
  const [from, to] = [
    number(entry, `${key}_start`) ?? number(entry, key),
    number(entry, `${key}_end`) ?? number(entry, key),
  ]
  return from === undefined || to === undefined ? undefined : { from, to }
}

/** null: there is a mark and it cannot be read. */
function markOf(entry: Json): { value: number; mask: number } | undefined | null {
  if (!has(entry, 'fwmark') && !has(entry, 'fwmask')) return undefined
  const read = (key: string, absent: number): number | undefined =>
    has(entry, key) ? mark32(String(at(entry, key))) : absent
  const [value, mask] = [read('fwmark', 0), read('fwmask', 0xffffffff)]
  return value === undefined || mask === undefined ? null : { value, mask }
}
