import type { Link, LinkAddress } from '../ip.ts'
import type { Route } from '../ip-route.ts'
import type { NamespaceState } from '../walk/types.ts'

/** The routes the kernel makes for an address of a device that is up (net/ipv4/fib_frontend.c, fib_add_ifaddr). */
export function withAddress(state: NamespaceState, { name: dev }: Link, own: LinkAddress): NamespaceState {
  const { family, address, prefix } = own
  const key = family === 4 ? 'routes4' : 'routes6'
  const routes = state[key]
  if (!routes) return state
  const whole = family === 4 ? 32 : 128
  const base = { family, dev, hops: [], flags: [], protocol: 'kernel' } as const
  const local: Route = {
    ...base,
    dst: `${address}/${whole}`,
    prefix: whole,
    table: 'local',
    type: 'local',
    metric: 0,
    scope: 'host',
    ...(family === 4 ? { prefsrc: address } : {}),
  }
  const near: Route = {
    ...base,
    dst: `${address}/${prefix}`,
    prefix,
    table: 'main',
    type: 'unicast',
    metric: family === 4 ? 0 : 256,
    scope: 'link',
    ...(family === 4 ? { prefsrc: address } : {}),
  }
  const made = own.flags.includes('secondary') || prefix === whole ? [local] : [local, near]
  const fresh = made.filter(
    (one) => !routes.some((other) => other.table === one.table && other.dst === one.dst && other.dev === dev),
  )
  return { ...state, [key]: [...routes, ...fresh] }
}

/** Routes over a device that goes down are removed. */
export function withoutDevice(state: NamespaceState, device: string): NamespaceState {
  const left = (routes: readonly Route[] | undefined): readonly Route[] | undefined =>
    routes?.filter(({ dev, hops }) => dev !== device && (hops.length === 0 || hops.some((hop) => hop.dev !== device)))
  const [four, six] = [left(state.routes4), left(state.routes6)]
  return { ...state, ...(four ? { routes4: four } : {}), ...(six ? { routes6: six } : {}) }
}

/** A port, or the ports of a bridge, that comes up forwards again; without a bridge that is up it is disabled. */
export function portsUp(state: NamespaceState, { name, kind }: Link): NamespaceState {
  const own = (port: { readonly name: string; readonly master?: string }): boolean =>
    kind === 'bridge' ? port.master === name : port.name === name
  const links = state.links?.map((link) => {
    const runs = link.name === name || (link.up && link.carrier)
    return own(link) && link.port && runs ? { ...link, port: { ...link.port, state: 'forwarding' } } : link
  })
  const bridgePorts = state.bridgePorts?.map((port) => {
    const link = links?.find((one) => one.name === port.name)
    return own(port) && link?.port?.state === 'forwarding' ? { ...port, state: 'forwarding' } : port
  })
  return { ...state, ...(links ? { links } : {}), ...(bridgePorts ? { bridgePorts } : {}) }
}
