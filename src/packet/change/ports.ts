import type { Link } from '../ip.ts'
import type { Route } from '../ip-route.ts'
import type { NamespaceState } from '../walk/types.ts'

/** After a device changed: a port forwards where it and its bridge are up, and a bridge has carrier where a port has. */
export function portsAnew(state: NamespaceState): NamespaceState {
  const { links, bridgePorts } = state
  if (!links) return state
  const bridges = links.map((link) => (link.kind === 'bridge' ? withCarrier(link, links) : link))
  const forwards = ({ up, carrier, master }: Link): boolean =>
    up && carrier && bridges.some((one) => one.name === master && one.up)
  const next = bridges.map((link): Link => {
    if (!link.port || (link.port.state !== 'forwarding' && link.port.state !== 'disabled')) return link
    const now = forwards(link) ? 'forwarding' : 'disabled'
    return link.port.state === now ? link : { ...link, port: { ...link.port, state: now } }
  })
  const ports = bridgePorts?.map((port) => {
    const now = next.find(({ name }) => name === port.name)?.port?.state
    return now === undefined || now === port.state ? port : { ...port, state: now }
  })
  const [four, six] = [linked(state.routes4, next), linked(state.routes6, next)]
  return {
    ...state,
    links: next,
    ...(ports ? { bridgePorts: ports } : {}),
    ...(four ? { routes4: four } : {}),
    ...(six ? { routes6: six } : {}),
  }
}

function withCarrier(bridge: Link, links: readonly Link[]): Link {
  const carrier = bridge.up && links.some(({ master, up, carrier: own }) => master === bridge.name && up && own)
  if (carrier === bridge.carrier) return bridge
  const flags = bridge.flags.filter((flag) => flag !== 'LOWER_UP' && flag !== 'NO-CARRIER')
  return {
    ...bridge,
    carrier,
    operstate: carrier ? 'UP' : 'DOWN',
    flags: carrier ? [...flags, 'LOWER_UP'] : bridge.up ? ['NO-CARRIER', ...flags] : flags,
  }
}

/** Routes over a bridge without carrier are marked, and go on being used. */
function linked(routes: readonly Route[] | undefined, links: readonly Link[]): readonly Route[] | undefined {
  const idle = new Map(
    links.filter(({ kind, up }) => kind === 'bridge' && up).map(({ name, carrier }) => [name, !carrier]),
  )
  return routes?.map((route) => {
    const down = idle.get(route.dev ?? '')
    const marks = route.type === 'unicast' || route.type === 'broadcast'
    if (down === undefined || !marks || route.flags.includes('linkdown') === down) return route
    const flags = route.flags.filter((flag) => flag !== 'linkdown')
    return { ...route, flags: down ? [...flags, 'linkdown'] : flags }
  })
}
