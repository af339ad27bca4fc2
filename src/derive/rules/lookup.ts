import type { Route, RouteRule } from '../../knowledge/shapes/packet.ts'
import { contains } from '../../packet/ipaddr.ts'

/** What is asked of the routing tables. `iif`: the device a forwarded packet came in by. */
export interface Query {
  readonly dst: string
  readonly src?: string
  readonly iif?: string
}

/** A route; null: there is none (or one that refuses); a text: it cannot be told, because. */
export type Looked = Route | null | string

const refusing = new Set(['unreachable', 'blackhole', 'prohibit'])

/** Routing as the kernel does it: rules by rising priority; in a table the longest prefix, then the lowest metric. */
export function lookup(routes: readonly Route[], rules: readonly RouteRule[], query: Query): Looked {
  for (const rule of rules.toSorted((a, b) => a.priority - b.priority)) {
    const applies = selects(rule, query)
    if (applies === undefined) return `rule ${rule.priority} depends on more than is known of the packet`
    if (!applies) continue
    if (refusing.has(rule.action)) return null
    if (rule.action !== 'lookup') return `rule ${rule.priority} says ${rule.action}`
    const found = best(
      routes.filter(({ table }) => table === (rule.table ?? 'main')),
      query.dst,
    )
    if (!found || (rule.suppressPrefix !== undefined && found.prefix <= rule.suppressPrefix) || found.type === 'throw')
      continue
    if (found.hops.length > 0) return 'the route has several next hops'
    return refusing.has(found.type) ? null : found
  }
  return null
}

function best(routes: readonly Route[], dst: string): Route | undefined {
  const fit = routes.filter(
    (route) => !route.flags.includes('dead') && (route.dst === 'default' || contains(route.dst, dst)),
  )
  return fit.toSorted((a, b) => b.prefix - a.prefix || a.metric - b.metric)[0]
}

/** Undefined: it depends on a mark, a user or a port that is not known here. */
function selects(rule: RouteRule, { dst, src, iif }: Query): boolean | undefined {
  const answers: (boolean | undefined)[] = [
    rule.dst === 'all' || contains(rule.dst, dst),
    rule.src === 'all' || (src === undefined ? undefined : contains(rule.src, src)),
    rule.iif === undefined || (iif === undefined ? rule.iif === 'lo' : rule.iif === iif),
    // Only sockets bound to a device have one here.
    rule.oif === undefined,
    // A fresh packet carries no mark.
    rule.fwmark === undefined || (rule.fwmark.value & rule.fwmark.mask) === 0,
    rule.tos === undefined &&
    rule.uids === undefined &&
    rule.proto === undefined &&
    rule.sports === undefined &&
    rule.dports === undefined &&
    rule.other.length === 0
      ? true
      : undefined,
  ]
  const all = answers.includes(false) ? false : answers.includes(undefined) ? undefined : true
  return all === undefined ? undefined : all !== rule.not
}
