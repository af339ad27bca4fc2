import type { Link, Topology } from '../../knowledge/shapes/packet.ts'

/** A cable carries where both of its ends are up: what a change at one end means for the other. */
export function plugged(topology: Topology): Topology {
  const namespaces = { ...topology.namespaces }
  const linkAt = ({ namespace, device }: { namespace: string; device: string }): Link | undefined =>
    namespaces[namespace]?.links?.find(({ name }) => name === device)
  for (const join of topology.joins) {
    if (join.kind !== 'veth') continue
    const [a, b] = [linkAt(join.a), linkAt(join.b)]
    if (!a || !b) continue
    const carrier = a.up && b.up
    for (const { namespace, device } of [join.a, join.b]) {
      const state = namespaces[namespace]
      if (!state?.links || linkAt({ namespace, device })?.carrier === carrier) continue
      const links = state.links.map((link) => (link.name === device ? { ...link, carrier } : link))
      namespaces[namespace] = { ...state, links }
    }
  }
  return { ...topology, namespaces }
}
