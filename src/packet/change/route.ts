import { familyOf, parseNetwork } from '../ipaddr.ts'
import type { Family } from '../ipaddr.ts'
import type { Route } from '../ip-route.ts'
import { present } from '../parsed.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'

const kinds = /^(unicast|blackhole|unreachable|prohibit|throw)$/
const options = new Set(['via', 'dev', 'metric', 'table', 'src', 'scope', 'proto', 'protocol'])

/** `ip route add|replace|append|del [TYPE] NETWORK [via …] [dev …] [metric …] [table …]` */
export function changeRoute(state: NamespaceState, verb: string, words: readonly string[], asked?: Family): Changed {
  const route = read(words, asked)
  if (typeof route === 'string') return { not: route }
  const key = route.family === 4 ? 'routes4' : 'routes6'
  const routes = state[key]
  if (!routes) return { not: 'the routes were not read' }
  const same = (one: Route): boolean =>
    canonical(one) === canonical(route) && one.table === route.table && (verb === 'del' || one.metric === route.metric)
  const held = routes.find(
    (one) =>
      same(one) &&
      (verb !== 'del' || ((route.dev ?? one.dev) === one.dev && (route.gateway ?? one.gateway) === one.gateway)),
  )
  switch (verb) {
    case 'del':
    case 'delete':
      return held
        ? { state: { ...state, [key]: routes.filter((one) => one !== held) } }
        : { not: 'there is no such route' }
    case 'add':
      if (held) return { not: 'there is such a route already' }
      break
    case 'append':
    case 'replace':
      break
    default:
      return { not: `ip route ${verb} is not modelled` }
  }
  const dev = route.dev ?? deviceTo(routes, route.gateway)
  if (dev === undefined && route.type === 'unicast') return { not: `no device leads to ${route.gateway ?? 'it'}` }
  const others = verb === 'replace' ? routes.filter((one) => !same(one)) : routes
  return { state: { ...state, [key]: [...others, present<Route>({ ...route, dev })] } }
}

function read(words: readonly string[], asked: Family | undefined): Route | string {
  const type = kinds.test(words[0] ?? '') ? (words[0] ?? '') : 'unicast'
  const [dst = '', ...rest] = type === words[0] ? words.slice(1) : words
  const found: Record<string, string> = {}
  for (let i = 0; i < rest.length; i += 2) {
    const [name = '', value] = [rest[i], rest[i + 1]]
    if (!options.has(name) || value === undefined) return `ip route … ${name} is not modelled`
    found[name] = value
  }
  const { via, dev, metric, table = 'main', src, scope } = found
  const network = dst === 'default' ? undefined : parseNetwork(dst)
  const family = network?.family ?? (via === undefined ? (asked ?? 4) : (familyOf(via) ?? 4))
  if (dst !== 'default' && !network) return `${dst} is no network`
  return present<Route>({
    family,
    dst: network && !dst.includes('/') ? `${dst}/${network.prefix}` : dst,
    prefix: network?.prefix ?? 0,
    gateway: via,
    dev,
    table,
    type,
    metric: metric === undefined ? (family === 4 ? 0 : 1024) : Number(metric),
    prefsrc: src,
    scope: scope ?? (via === undefined && family === 4 ? 'link' : undefined),
    hops: [],
    flags: [],
  })
}

function canonical({ dst }: Route): string {
  const network = parseNetwork(dst)
  return network ? `${network.family} ${network.base} ${network.prefix}` : dst
}

/** The device whose own network holds the gateway. */
function deviceTo(routes: readonly Route[], gateway: string | undefined): string | undefined {
  const one = gateway === undefined ? undefined : parseNetwork(gateway)
  return routes
    .filter(
      ({ type, scope, dst, table }) => type === 'unicast' && scope === 'link' && dst !== 'default' && table === 'main',
    )
    .find(({ dst }) => {
      const network = parseNetwork(dst)
      const wide = network && one && BigInt((network.family === 4 ? 32 : 128) - network.prefix)
      return (
        network &&
        one &&
        wide !== undefined &&
        network.family === one.family &&
        network.base >> wide === one.base >> wide
      )
    })?.dev
}
