import type { Route, RouteRule } from '../ip-route.ts'
import { isForbidding, rangeText, routeText, ruleText } from '../walk/fib.ts'
import type { NamespaceState } from '../walk/types.ts'

/** A route or a policy rule that lets nothing on. */
export interface Forbidding {
  readonly what: 'route' | 'rule'
  readonly how: 'blackhole' | 'unreachable' | 'prohibit'
  /** The words after `ip route del` or `ip rule del` that name it and no other one. */
  readonly words: readonly string[]
  /** Table of a route. */
  readonly table?: string
  /** It is for more than one destination. */
  readonly wide: boolean
}

/** The one that has this text in a walk. */
export function forbiddingOf(state: NamespaceState, family: 4 | 6, text: string): Forbidding | undefined {
  const [routes = [], rules = []] = family === 4 ? [state.routes4, state.rules4] : [state.routes6, state.rules6]
  const bits = family === 4 ? 32 : 128
  for (const route of routes)
    if (isForbidding(route.type) && routeText(route) === text)
      return { what: 'route', how: route.type, words: ofRoute(route), table: route.table, wide: route.prefix < bits }
  for (const rule of rules)
    if (isForbidding(rule.action) && ruleText(rule) === text)
      return { what: 'rule', how: rule.action, words: ofRule(rule), wide: !rule.dst.endsWith(`/${bits}`) }
  return undefined
}

// The kernel deletes the route of the lowest metric where none is named, whatever its type in IPv6.
const ofRoute = ({ type, dst, tos, metric, table }: Route): readonly string[] => [
  type,
  dst,
  ...(tos === undefined ? [] : ['tos', tos]),
  ...(metric === 0 ? [] : ['metric', `${metric}`]),
  ...(table === 'main' ? [] : ['table', table]),
]

const word = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [name, value])

function ofRule({ priority, not, src, dst, tos, fwmark, iif, oif, uids, proto, sports, dports, action }: RouteRule) {
  return [
    ...word('pref', `${priority}`),
    ...(not ? ['not'] : []),
    ...word('from', src === 'all' ? undefined : src),
    ...word('to', dst === 'all' ? undefined : dst),
    ...word('tos', tos),
    ...word('fwmark', fwmark && `0x${fwmark.value.toString(16)}/0x${fwmark.mask.toString(16)}`),
    ...word('iif', iif),
    ...word('oif', oif),
    ...word('uidrange', uids && `${uids.from}-${uids.to}`),
    ...word('ipproto', proto),
    ...word('sport', sports && rangeText(sports)),
    ...word('dport', dports && rangeText(dports)),
    action,
  ]
}
