import type { Hop } from '../../packet/walk/index.ts'
import type { Narrow, PathNetwork } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

export const narrowDerivation: AnyDerivation = derivation({
  provides: 'path.narrow',
  about: 'path',
  from: ['path.network', 'path.past'],
  maybe: ['path.followed'],
  waits: ['path.followed'],
  shows: 'path.network',
  make: ({ 'path.network': network, 'path.past': walks }, { 'path.followed': whole }) => {
    const traces = walks.flatMap(({ traces: all }) => all)
    const found = traces.flatMap(({ hops, back }) =>
      [hops, back?.hops ?? []].flatMap((way) => narrowOn(network, way)),
    )[0]
    if (found)
      return made<Narrow | null>(
        found,
        `${found.alloc}: mtu ${found.mtu}\n${found.place}: ${found.device} mtu ${found.carries}`,
      )
    return whole && walks.every(({ outcome }) => outcome !== 'unknown')
      ? made<Narrow | null>(null, 'every device packets are sent on by carries what allocations may send')
      : notKnown('the way of the packets is not known')
  },
})

/** What an allocation sends on this way, and the first device of a client it is too large for. */
export function narrowOn({ topology: { namespaces }, places }: PathNetwork, way: readonly Hop[]): readonly Narrow[] {
  const [first] = way
  const start = first && places[first.namespace]
  if (!first || start?.kind !== 'alloc') return []
  const mtuOf = (namespace: string, device: string | undefined): number | undefined =>
    namespaces[namespace]?.links?.find(({ name }) => name === device)?.mtu
  const out = way.find(({ namespace, at, oif }) => namespace === first.namespace && at === 'route' && oif !== undefined)
  const mtu = mtuOf(first.namespace, out?.oif)
  if (mtu === undefined) return []
  return way.flatMap(({ namespace, at, oif: device }) => {
    const place = places[namespace]
    const carries = mtuOf(namespace, device)
    return place?.kind === 'client' && at === 'route' && device !== undefined && carries !== undefined && carries < mtu
      ? [{ alloc: start.label, place: place.label, mtu, device, carries }]
      : []
  })
}
