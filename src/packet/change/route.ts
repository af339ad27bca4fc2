import { contains, familyOf, isLinkLocal, parseNetwork } from '../ipaddr.ts'
import type { Family } from '../ipaddr.ts'
import type { Route } from '../ip-route.ts'
import { present } from '../parsed.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { strange, type Refused } from './refused.ts'
import { textOfNetwork } from './network-text.ts'

const kinds = /^(unicast|blackhole|unreachable|prohibit|throw)$/
const options = new Set(['via', 'dev', 'metric', 'table', 'src', 'scope', 'proto', 'protocol'])

/** `ip route add|replace|append|del [TYPE] NETWORK [via …] [dev …] [metric …] [table …]` */
export function changeRoute(state: NamespaceState, verb: string, words: readonly string[], asked?: Family): Changed {
  // The kernel has kept no cache of routes since 3.6, and what it learnt of the sizes on the way is not part of the state.
  if (verb === 'flush' && words.join(' ') === 'cache') return { state }
  const route = read(words, asked)
  if ('not' in route) return route
  const key = route.family === 4 ? 'routes4' : 'routes6'
  const routes = state[key]
  if (!routes) return { not: 'the routes were not read' }
  const there = (one: Route): boolean => canonical(one) === canonical(route) && one.table === route.table
  if (verb === 'del' || verb === 'delete') {
    const gone = deleted(routes.filter(there), route, words)
    return gone
      ? { state: { ...state, [key]: routes.filter((one) => one !== gone) } }
      : { not: 'there is no such route' }
  }
  const same = (one: Route): boolean => there(one) && one.metric === route.metric
  const held = routes.find(same)
  switch (verb) {
    case 'add':
      if (held) return { not: 'there is such a route already' }
      break
    case 'append':
      if (held && route.family === 6) return { not: 'a second next hop of an IPv6 route is not modelled' }
      if (routes.some((one) => same(one) && one.gateway === route.gateway && one.dev === (route.dev ?? one.dev)))
        return { not: 'there is such a route already' }
      break
    case 'replace':
      break
    default:
      return strange(verb, `ip route ${verb} is not modelled`)
  }
  const dev = route.dev ?? deviceTo(routes, route.gateway)
  const wrong = route.type === 'unicast' ? refused(state, routes, route, dev) : undefined
  if (wrong !== undefined) return { not: wrong }
  if (dev === undefined && route.type === 'unicast') return { not: `no device leads to ${route.gateway ?? 'it'}` }
  const others = verb === 'replace' ? routes.filter((one) => !same(one)) : routes
  return {
    state: {
      ...state,
      [key]: [...others, present<Route>({ ...route, dev: dev ?? (route.family === 6 ? 'lo' : undefined) })],
    },
  }
}

/** `ip route del` takes the first of the lowest metric that has everything that was named; the type counts for IPv4 alone. */
const deleted = (held: readonly Route[], route: Route, words: readonly string[]): Route | undefined =>
  held
    .filter(
      ({ type, metric, dev, gateway }) =>
        (route.family === 6 || !kinds.test(words[0] ?? '') || type === route.type) &&
        (!words.includes('metric') || metric === route.metric) &&
        (route.dev ?? dev) === dev &&
        (route.gateway ?? gateway) === gateway,
    )
    .toSorted((a, b) => a.metric - b.metric)[0]

function read(words: readonly string[], asked: Family | undefined): Route | Refused {
  const type = kinds.test(words[0] ?? '') ? (words[0] ?? '') : 'unicast'
  const [dst = '', ...rest] = type === words[0] ? words.slice(1) : words
  const found: Record<string, string> = {}
  for (let i = 0; i < rest.length; i += 2) {
    const [name = '', value] = [rest[i], rest[i + 1]]
    if (!options.has(name) || value === undefined) return strange(name, `ip route … ${name} is not modelled`)
    found[name] = value
  }
  const { via, dev, metric, table = 'main', src, scope } = found
  const network = dst === 'default' ? undefined : parseNetwork(dst)
  const family = network?.family ?? (via === undefined ? (asked ?? 4) : (familyOf(via) ?? 4))
  if (dst !== 'default' && !network) return strange(dst, `${dst} is no network`)
  // iproute2 takes 10.0.0.9/24 and the kernel does not.
  if (network && !dst.startsWith(`${textOfNetwork(network).split('/')[0]}`))
    return strange(dst, `${dst} has bits beyond its prefix`)
  return present<Route>({
    family,
    dst: network ? textOfNetwork(network) : dst,
    prefix: network?.prefix ?? 0,
    gateway: via,
    dev,
    table,
    type,
    metric: metric === undefined ? (family === 4 ? 0 : 1024) : Number(metric),
    prefsrc: src,
    scope: scope ?? (via === undefined && family === 4 && type === 'unicast' ? 'link' : undefined),
    hops: [],
    flags: [],
  })
}

function canonical({ dst }: Route): string {
  const network = parseNetwork(dst)
  return network ? `${network.family} ${network.base} ${network.prefix}` : dst
}

/** Why the kernel takes no such next hop (net/ipv4/fib_semantics.c, fib_check_nh). */
function refused(
  { links }: NamespaceState,
  routes: readonly Route[],
  { gateway, prefsrc }: Route,
  dev: string | undefined,
): string | undefined {
  const link = links?.find(({ name }) => name === dev)
  if (dev !== undefined && links && !link) return `there is no device ${dev}`
  if (link && !link.up) return `${link.name} is down`
  const own = (address: string): boolean =>
    links?.some(({ addresses }) => addresses.some((one) => one.address === address)) === true
  if (prefsrc !== undefined && links && !own(prefsrc)) return `${prefsrc} is no address of this machine`
  if (gateway === undefined || isLinkLocal(gateway)) return undefined
  if (own(gateway)) return `${gateway} is an address of this machine`
  const through = deviceTo(routes, gateway)
  return dev !== undefined && through !== dev ? `${gateway} is not on the network of ${dev}` : undefined
}

/** The device whose own network holds the gateway. */
function deviceTo(routes: readonly Route[], gateway: string | undefined): string | undefined {
  return routes
    .filter(
      ({ type, gateway: via, hops, dst, table }) =>
        type === 'unicast' && via === undefined && hops.length === 0 && dst !== 'default' && table === 'main',
    )
    .toSorted((a, b) => b.prefix - a.prefix)
    .find(({ dst }) => gateway !== undefined && contains(dst, gateway))?.dev
}
