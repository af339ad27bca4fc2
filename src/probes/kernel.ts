/** How kernel state reads, in the host namespace and in an allocation's. */
import type {
  IpSet,
  Listener,
  Link,
  Neighbour,
  NftRuleset,
  Route,
  RouteRule,
  XfrmPolicy,
} from '../knowledge/shapes/packet.ts'
import type { TrackingCounters } from '../knowledge/shapes/connections.ts'
import { parseRouteRules, parseRoutes } from '../packet/ip-route.ts'
import { parseLinks, parseNeighbours } from '../packet/ip.ts'
import { parseIptablesSave, type Save } from '../packet/iptables.ts'
import { parseNftRuleset } from '../packet/nft.ts'
import { parseListeners } from '../packet/ss.ts'
import { parseSysctls } from '../packet/sysctl.ts'
import { parseXfrmPolicies } from '../packet/xfrm.ts'
import { parseIpSets } from '../packet/walk/index.ts'
import { linesOf, whole } from './command.ts'
import { Shape } from './probe.ts'

export const commands = {
  links: ['ip', '-j', '-d', 'addr', 'show'],
  routes: ['ip', '-j', '-4', 'route', 'show', 'table', 'all'],
  routes6: ['ip', '-j', '-6', 'route', 'show', 'table', 'all'],
  rules: ['ip', '-j', 'rule', 'show'],
  rules6: ['ip', '-j', '-6', 'rule', 'show'],
  neighbours: ['ip', '-j', 'neigh', 'show'],
  xfrm: ['ip', 'xfrm', 'policy'],
  ports: ['bridge', '-j', '-d', 'link', 'show'],
  fdb: ['bridge', '-j', 'fdb', 'show'],
  tcp: ['ss', '-H', '-ltnpe'],
  udp: ['ss', '-H', '-lunpe'],
  conntrack: ['conntrack', '-L', '-o', 'extended'],
  counters: ['conntrack', '-S'],
  sysctls: ['sysctl', '-a', '-r', String.raw`^net\.(ipv4|ipv6|bridge|netfilter)`],
} as const

type Made<T> = readonly [value: T, excerpt: string]

export function makeLinks(text: string): Made<readonly Link[]> {
  const links = whole(parseLinks(text))
  if (links.length === 0) throw new Shape('no network interface at all, not even lo')
  const names = new Set(links.map(({ name }) => name))
  const torn = links.find(({ master }) => master !== undefined && !names.has(master))
  if (torn) throw new Shape(`${torn.name} belongs to ${torn.master ?? ''}, which is not in the list: it is not whole`)
  return [links, links.map(linkLine).join('\n')]
}

const linkLine = ({ name, kind, operstate, mtu, master, addresses }: Link): string =>
  [
    `${name}: ${kind} state ${operstate} mtu ${mtu}`,
    ...(master === undefined ? [] : [`master ${master}`]),
    ...addresses.map(({ address, prefix }) => `${address}/${prefix}`),
  ].join(' ')

export function makeRoutes(text: string, family: 4 | 6): Made<readonly Route[]> {
  const routes = whole(parseRoutes(text, family))
  return [routes, routes.map(routeLine).join('\n') || 'no routes']
}

/** One route as `ip route` prints it. */
export const routeLine = ({ type, dst, gateway, dev, table, metric }: Route): string =>
  [
    ...(type === 'unicast' ? [] : [type]),
    dst,
    ...(gateway === undefined ? [] : ['via', gateway]),
    ...(dev === undefined ? [] : ['dev', dev]),
    ...(table === 'main' ? [] : ['table', table]),
    ...(metric === 0 ? [] : ['metric', String(metric)]),
  ].join(' ')

/** A save that breaks off is no answer; an empty one is: no rules. */
export function makeSave(text: string, stderr: string): Made<Save> {
  const save = whole(parseIptablesSave(text, stderr))
  if (!save.complete) throw new Shape(`the list of rules breaks off after line ${save.cutAt ?? '?'}`)
  const rules = save.tables.flatMap(({ name, chains }) =>
    chains.flatMap((chain) => chain.rules.map((rule) => `${name}: ${rule.text}`)),
  )
  return [save, rules.join('\n') || 'no rules']
}

export function makeListeners(tcp: string, udp: string): Made<readonly Listener[]> {
  const found = [...whole(parseListeners(tcp, 'tcp')), ...whole(parseListeners(udp, 'udp'))]
  return [
    found,
    [...linesOf(tcp), ...linesOf(udp)].map((line) => line.replace(/\s+/g, ' ')).join('\n') || 'nothing listens',
  ]
}

export function makeSysctls(text: string): Made<Readonly<Record<string, string>>> {
  const settings = whole(parseSysctls(text))
  const count = Object.keys(settings).length
  if (count === 0) throw new Shape('no setting was printed')
  return [settings, `${count} settings under net`]
}

/** One line a processor: `cpu=0 found=0 invalid=0 ... drop=0 early_drop=0 ...`. */
export function makeCounters(text: string): Made<TrackingCounters> {
  const lines = linesOf(text)
  const sum = (name: string): number =>
    lines.reduce((all, line) => all + Number(new RegExp(String.raw`\s${name}=(\d+)(?=\s|$)`).exec(line)?.[1]), 0)
  const [dropped, gaveWay] = [sum('drop'), sum('early_drop')]
  if (lines.length === 0 || Number.isNaN(dropped + gaveWay)) throw new Shape('the counters were not printed')
  return [{ dropped, gaveWay }, `drop=${dropped} early_drop=${gaveWay}`]
}

export function makeRules(text: string): Made<readonly RouteRule[]> {
  const rules = whole(parseRouteRules(text))
  if (rules.length === 0) throw new Shape('no rule at all, not even for table local')
  return [rules, rules.map(ruleLine).join('\n')]
}

const ruleLine = ({ priority, src, action, table }: RouteRule): string =>
  `${priority}: from ${src} ${action} ${table ?? ''}`.trimEnd()

export function makeNeighbours(text: string): Made<readonly Neighbour[]> {
  const found = whole(parseNeighbours(text))
  return [found, found.map(neighbourLine).join('\n') || 'no neighbours']
}

const neighbourLine = ({ address, dev, mac, state }: Neighbour): string =>
  `${address} dev ${dev} ${mac ?? 'no MAC address'} ${state.join(',')}`

/** No policy at all prints nothing. */
export function makeXfrm(text: string): Made<readonly XfrmPolicy[]> {
  const found = whole(parseXfrmPolicies(text))
  return [found, found.map((one) => one.text).join('\n') || 'no policies']
}

export function makeNft(text: string): Made<NftRuleset> {
  const ruleset = whole(parseNftRuleset(text))
  return [ruleset, ruleset.tables.map(({ family, name }) => `table ${family} ${name}`).join('\n') || 'no tables']
}

/** No set at all prints nothing. */
export function makeIpSets(text: string): Made<readonly IpSet[]> {
  const sets = whole(parseIpSets(text))
  return [
    sets,
    sets.map(({ name, type, members }) => `${name} ${type}: ${members.length} members`).join('\n') || 'no sets',
  ]
}
