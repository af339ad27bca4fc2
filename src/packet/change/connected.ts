import type { Link, LinkAddress } from '../ip.ts'
import { contains, parseNetwork } from '../ipaddr.ts'
import type { Route } from '../ip-route.ts'
import { deviceSetting } from '../sysctl.ts'
import type { NamespaceState } from '../walk/types.ts'
import { textOfNetwork } from './network-text.ts'

const keyOf = (family: 4 | 6): 'routes4' | 'routes6' => (family === 4 ? 'routes4' : 'routes6')
const settingOf = ({ sysctls }: NamespaceState, family: 4 | 6, device: string, name: string): string | undefined =>
  sysctls && deviceSetting(sysctls, family, device, name)

/** The routes the kernel makes for an address of a device that is up (net/ipv4/fib_frontend.c, net/ipv6/addrconf.c). */
export function withAddress(state: NamespaceState, link: Link, own: LinkAddress): NamespaceState {
  const key = keyOf(own.family)
  const routes = state[key]
  if (!routes) return state
  const anycast = own.family === 6 && Number(settingOf(state, 6, link.name, 'forwarding')) > 0
  const made = [...routesOf(link, own), ...(anycast ? anycastOf(link, own) : [])]
  const fresh = made.filter((one) => !routes.some((other) => same(one, other)))
  return { ...state, [key]: [...routes, ...fresh] }
}

function routesOf({ name: dev, kind, addresses }: Link, own: LinkAddress): readonly Route[] {
  const { family, address, prefix } = own
  const [whole, loop] = [family === 4 ? 32 : 128, kind === 'loopback']
  const base = { family, dev, hops: [], flags: [], protocol: 'kernel', metric: 0 } as const
  const from = family === 4 ? { prefsrc: primaryOf(addresses, own) } : {}
  const local: Route = {
    ...base,
    ...from,
    dst: `${address}/${whole}`,
    prefix: whole,
    table: 'local',
    type: 'local',
    ...(family === 4 ? { scope: 'host' } : {}),
  }
  const network = parseNetwork(`${address}/${prefix}`)
  if (!network || own.flags.includes('secondary') || (family === 4 && prefix === whole)) return [local]
  const dst = textOfNetwork(network)
  if (family === 6)
    return loop ? [local] : [local, { ...base, dst, prefix, table: 'main', type: 'unicast', metric: 256 }]
  const near: Route = loop
    ? { ...local, dst, prefix }
    : { ...base, ...from, dst, prefix, table: 'main', type: 'unicast', scope: 'link' }
  const last = network.base | ((1n << BigInt(whole - prefix)) - 1n)
  const all: Route = {
    ...base,
    ...from,
    dst: textOfNetwork({ family, base: last, prefix: whole }),
    prefix: whole,
    table: 'local',
    type: 'broadcast',
    scope: 'link',
  }
  return prefix < whole - 1 ? [local, near, all] : [local, near]
}

/** The first address of the network; packets from it are sent with a second one only when asked. */
const primaryOf = (addresses: readonly LinkAddress[], { address, prefix, flags }: LinkAddress): string =>
  (flags.includes('secondary') &&
    addresses.find(
      (one) =>
        !one.flags.includes('secondary') && one.prefix === prefix && contains(`${one.address}/${prefix}`, address),
    )?.address) ||
  address

/** The address of any router of the network (RFC 4291, 2.6.1). */
export function anycastOf({ name: dev, kind }: Link, { address, prefix }: LinkAddress): readonly Route[] {
  const network = parseNetwork(`${address}/${prefix}`)
  if (!network || prefix >= 127 || kind === 'loopback') return []
  const dst = textOfNetwork({ ...network, prefix: 128 })
  const rest = { dev, hops: [], flags: [], protocol: 'kernel', metric: 0 } as const
  return [{ ...rest, family: 6, dst, prefix: 128, table: 'local', type: 'anycast' }]
}

const same = (a: Route, b: Route): boolean =>
  a.table === b.table && a.dst === b.dst && a.dev === b.dev && a.type === b.type

/** Without the routes an address brought, unless another of its device brings them too, and those that send from it. */
export function withoutAddress(state: NamespaceState, link: Link, own: LinkAddress): NamespaceState {
  const key = keyOf(own.family)
  const routes = state[key]
  if (!routes) return state
  const others = link.addresses.filter((one) => one.address !== own.address && one.family === own.family)
  if (own.family === 4 && others.length === 0) return withoutRoutes(state, link.name, own.family, () => true)
  const kept = others.flatMap((one) => [...routesOf(link, one), ...anycastOf(link, one)])
  const gone = [...routesOf(link, own), ...anycastOf(link, own)].filter(
    (one) => !kept.some((other) => same(one, other)),
  )
  return {
    ...state,
    [key]: routes.filter(
      (one) => one.prefsrc !== own.address && !gone.some((other) => same(one, other) && one.protocol === 'kernel'),
    ),
  }
}

function withoutRoutes(
  state: NamespaceState,
  device: string,
  family: 4 | 6,
  goes: (route: Route) => boolean,
): NamespaceState {
  const key = keyOf(family)
  const routes = state[key]?.filter((one) => {
    const over = one.dev === device || (one.hops.length > 0 && one.hops.every((hop) => hop.dev === device))
    return !over || !goes(one)
  })
  return routes ? { ...state, [key]: routes } : state
}

/** A device that goes down loses its routes, but its own IPv4 addresses stay reachable; those of IPv6 go. */
export function withoutDevice(state: NamespaceState, device: string): NamespaceState {
  const four = withoutRoutes(state, device, 4, ({ type }) => type !== 'local')
  if (Number(settingOf(state, 6, device, 'keep_addr_on_down')) > 0) return withoutRoutes(four, device, 6, () => true)
  const links = four.links?.map((link) =>
    link.name === device ? { ...link, addresses: link.addresses.filter(({ family }) => family === 4) } : link,
  )
  return withoutRoutes(links ? { ...four, links } : four, device, 6, () => true)
}

/** What IPv6 gives a device that comes up: `::1`, or an address of the link made of its MAC address. */
export function born6(state: NamespaceState, { name, kind, mac, addresses }: Link): readonly LinkAddress[] {
  if (settingOf(state, 6, name, 'disable_ipv6') !== '0') return []
  const own = (address: string, prefix: number, scope: string): readonly LinkAddress[] =>
    addresses.some((one) => one.address === address) ? [] : [{ family: 6, address, prefix, scope, flags: [] }]
  if (kind === 'loopback') return own('::1', 128, 'host')
  const mac48 = /^([\da-f]{2}:){5}[\da-f]{2}$/i.test(mac ?? '') ? BigInt(`0x${mac?.replaceAll(':', '')}`) : undefined
  if (settingOf(state, 6, name, 'addr_gen_mode') !== '0' || mac48 === undefined) return []
  // RFC 4291, appendix A: ff:fe in the middle, one bit turned.
  const eui = ((mac48 >> 24n) << 40n) | 0xfffe000000n | (mac48 & 0xffffffn)
  const base = (0xfe80n << 112n) | (eui ^ (2n << 56n))
  return own(textOfNetwork({ family: 6, base, prefix: 128 }).replace('/128', ''), 64, 'link')
}
