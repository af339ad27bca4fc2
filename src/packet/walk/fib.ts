import { deviceSetting } from '../sysctl.ts'
import { equal, isMulticast } from '../ipaddr.ts'
import type { Family } from '../ipaddr.ts'
import type { Range, Route, RouteRule } from '../ip-route.ts'
import { net, ready, within } from './address.ts'
import { unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import { routeDiffers } from './contradictions.ts'
import { memo } from './indexed.ts'
import type { Index, Ranked } from './indexed.ts'
import { servesTos } from './tos.ts'
import type { Space } from './world.ts'

/** What the routing tables are asked: `iif` is `lo` for packets made here, `mark` undefined when not known. */
export interface Asked {
  readonly dst: string
  /** '': not chosen yet. */
  readonly src: string
  readonly iif: string
  readonly oif?: string
  /** The device of the way must be this one, whatever policy rules ask for. */
  readonly on?: string
  readonly mark: number | undefined
  /** Type of service; undefined: not known. */
  readonly tos: number | undefined
  readonly uid?: number | undefined
  /** Missing: the question has neither protocol nor ports. */
  readonly proto?: string
  readonly sport?: number | undefined
  readonly dport?: number | undefined
  /** Where the kernel takes the port from that is not given. */
  readonly ports?: Range | undefined
  /** Routes and rules that forbid and are passed over, by their text. */
  readonly past?: ReadonlySet<string>
}

type Forbids = 'unreachable' | 'prohibit' | 'blackhole'
export type Looked =
  | { readonly kind: 'route'; readonly route: Route }
  /** No route, or one that forbids: as the kernel's error. */
  | { readonly kind: 'no-route' | Forbids; readonly text: string }
  | { readonly kind: 'unknown'; readonly because: string; readonly text?: string }

export const isForbidding = (kind: string): kind is Forbids =>
  kind === 'unreachable' || kind === 'prohibit' || kind === 'blackhole'

/** The rules in order of priority, then longest prefix, then metric (net/ipv4/fib_rules.c, fib_trie.c). */
export function lookup({ index }: Space, family: Family, asked: Asked): Looked {
  const rules = family === 4 ? index.state.rules4 : index.state.rules6
  const tables = index.tables[family]
  if (!rules) return { kind: 'unknown', because: `the IPv${family} policy rules are not known` }
  if (!tables) return { kind: 'unknown', because: `the IPv${family} routes are not known` }
  let from = -1
  const ordered = memo(index, `rules${family}`, () => rules.toSorted((a, b) => a.priority - b.priority))
  for (const rule of ordered) {
    if (rule.priority < from) continue
    const matched = selects(rule, asked)
    if (matched === false) continue
    if (matched !== true) return { kind: 'unknown', because: matched, text: ruleText(rule) }
    if (rule.action === 'nop') continue
    if (rule.action === 'goto') {
      if (rule.goto !== undefined && rule.goto > rule.priority) from = rule.goto
      continue
    }
    if (isForbidding(rule.action)) {
      const text = ruleText(rule)
      if (asked.past?.has(text)) continue
      return { kind: rule.action, text }
    }
    if (rule.action !== 'lookup')
      return { kind: 'unknown', because: `the action ${rule.action} is not modelled`, text: ruleText(rule) }
    const found = inTable(index, tables.get(rule.table ?? 'main') ?? [], asked, rule.suppressPrefix)
    if (found) return found
  }
  return { kind: 'no-route', text: `no route to ${asked.dst}` }
}

function inTable(
  index: Index,
  routes: readonly Ranked[],
  asked: Asked,
  suppress: number | undefined,
): Looked | undefined {
  const address = ready(asked.dst)
  if (!address) return { kind: 'unknown', because: `${asked.dst} is no address` }
  for (const { route, net: network } of routes) {
    if (!within(network, address)) continue
    const served = servesTos(route.tos, asked.tos)
    if (served === false) continue
    if (served === undefined)
      return { kind: 'unknown', because: 'the route depends on the type of service', text: routeText(route) }
    if (route.from !== undefined) {
      const from = net(route.from === 'default' || route.from === 'all' ? '::/0' : route.from)
      const src = ready(asked.src)
      if (!from || !src) return { kind: 'unknown', because: 'the route depends on the source', text: routeText(route) }
      if (!within(from, src)) continue
    }
    if (route.type === 'throw') return undefined
    if (isForbidding(route.type)) {
      const text = routeText(route)
      if (asked.past?.has(text)) continue
      return { kind: route.type, text }
    }
    const oif = asked.oif ?? asked.on
    const usable = hopsOf(route).filter((hop) => usableHop(index, hop, oif === undefined ? {} : { oif }))
    if (usable.length === 0) continue
    if (suppress !== undefined && network.prefix <= suppress) return undefined
    const differs = routeDiffers(index, route)
    if (differs !== undefined) return { kind: 'unknown', because: differs, text: routeText(route) }
    return { kind: 'route', route }
  }
  return undefined
}

/** What a lookup says of an IPv6 address: local, anycast, unreachable, unicast; on a device only its own are local. */
export function addressType6(space: Space, address: string, device?: string): string | Unsure {
  if (isMulticast(address)) return 'multicast'
  const asked = {
    dst: address,
    src: '',
    iif: 'lo',
    mark: 0,
    tos: 0,
    uid: 0,
    ...(device === undefined ? {} : { oif: device }),
  }
  const found = lookup(space, 6, asked)
  if (found.kind === 'unknown') return unsure(found.because)
  if (found.kind !== 'route') return 'unreachable'
  const { type } = found.route
  if (type !== 'local' || device === undefined) return type
  const own = space.index.links.get(device)?.addresses.some((one) => equal(one.address, address))
  return own === true ? 'local' : 'unicast'
}

export interface NextHop {
  readonly dev: string | undefined
  readonly gateway: string | undefined
  readonly flags: readonly string[]
}

/** The next hops of a route; one for most. */
export const hopsOf = (route: Route): readonly NextHop[] =>
  route.hops.length > 0
    ? route.hops.map(({ dev, gateway, flags }) => ({ dev, gateway, flags }))
    : [{ dev: route.dev, gateway: route.gateway, flags: route.flags }]

export function usableHop(index: Index, { dev, flags }: NextHop, { oif }: { readonly oif?: string }): boolean {
  if (flags.includes('dead')) return false
  if (oif !== undefined && dev !== oif) return false
  if (!flags.includes('linkdown')) return true
  const { sysctls = {} } = index.state
  return deviceSetting(sysctls, 4, dev ?? '', 'ignore_routes_with_linkdown') !== '1'
}

/** True, false, or why it cannot be told. */
function selects(rule: RouteRule, asked: Asked): boolean | string {
  if (rule.other.length > 0) return `a rule with ${rule.other.join(', ')} is not modelled`
  const answers = [
    network(rule.src, asked.src),
    network(rule.dst, asked.dst),
    rule.iif === undefined || rule.iif === asked.iif,
    rule.oif === undefined || rule.oif === asked.oif,
    servesTos(rule.tos, asked.tos),
    rule.fwmark === undefined
      ? true
      : asked.mark === undefined
        ? undefined
        : ((asked.mark ^ rule.fwmark.value) & rule.fwmark.mask) >>> 0 === 0,
    rule.uids === undefined || among(rule.uids, asked.uid),
    rule.proto === undefined || rule.proto === asked.proto,
    rule.sports === undefined || among(rule.sports, asked.proto === undefined ? 0 : asked.sport, asked.ports),
    rule.dports === undefined || among(rule.dports, asked.proto === undefined ? 0 : asked.dport, asked.ports),
  ]
  const all = answers.includes(false) ? false : answers.includes(undefined) ? undefined : true
  return all === undefined ? `whether the policy rule applies is not known: ${ruleText(rule)}` : all !== rule.not
}

function network(selector: string, address: string): boolean | undefined {
  if (selector === 'all') return true
  const [wide, one] = [net(selector), ready(address)]
  if (!wide) return undefined
  // A source that is not chosen yet is all zeros, and matches no selector but a default.
  return one ? within(wide, one) : wide.prefix === 0
}

function among(range: Range, value: number | undefined, unknown?: Range): boolean | undefined {
  if (value !== undefined) return range.from <= value && value <= range.to
  if (!unknown) return undefined
  if (unknown.to < range.from || unknown.from > range.to) return false
  return range.from <= unknown.from && unknown.to <= range.to ? true : undefined
}

export const routeText = (route: Route): string =>
  [
    route.type === 'unicast' ? '' : route.type,
    route.dst,
    route.tos === undefined ? '' : `tos ${route.tos}`,
    route.gateway === undefined ? '' : `via ${route.gateway}`,
    route.dev === undefined ? '' : `dev ${route.dev}`,
    ...route.hops.map(({ gateway, dev }) => `nexthop${gateway ? ` via ${gateway}` : ''}${dev ? ` dev ${dev}` : ''}`),
    route.table === 'main' ? '' : `table ${route.table}`,
    route.metric === 0 ? '' : `metric ${route.metric}`,
  ]
    .filter((part) => part !== '')
    .join(' ')

export const ruleText = (rule: RouteRule): string =>
  [
    `${rule.priority}:`,
    rule.not ? 'not' : '',
    `from ${rule.src}`,
    rule.dst === 'all' ? '' : `to ${rule.dst}`,
    rule.tos === undefined ? '' : `tos ${rule.tos}`,
    rule.fwmark ? `fwmark 0x${rule.fwmark.value.toString(16)}/0x${rule.fwmark.mask.toString(16)}` : '',
    rule.iif ? `iif ${rule.iif}` : '',
    rule.oif ? `oif ${rule.oif}` : '',
    rule.uids ? `uidrange ${rule.uids.from}-${rule.uids.to}` : '',
    rule.proto === undefined ? '' : `ipproto ${rule.proto}`,
    rule.sports ? `sport ${rangeText(rule.sports)}` : '',
    rule.dports ? `dport ${rangeText(rule.dports)}` : '',
    rule.action === 'lookup' ? `lookup ${rule.table ?? 'main'}` : rule.action,
  ]
    .filter((part) => part !== '')
    .join(' ')

export const rangeText = ({ from, to }: Range): string => (from === to ? `${from}` : `${from}-${to}`)
