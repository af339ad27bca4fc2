import type { Hop } from '../../packet/walk/index.ts'
import type { Narrow, PathNetwork } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, showing, type AnyDerivation } from '../derivation.ts'
import { shownAt } from './shown.ts'

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
      return showing(
        made<Narrow | null>(
          found,
          `${found.alloc}: mtu ${found.mtu}\n${found.place}: ${found.device} mtu ${found.carries}`,
        ),
        shownAt(
          [
            { where: deviceOf(found.place), line: `${found.place}: ${found.device} mtu ${found.carries}` },
            { where: deviceOf(found.alloc), line: `${found.alloc}: mtu ${found.mtu}` },
          ],
          network,
        ),
      )
    return whole && walks.every(({ outcome }) => outcome !== 'unknown')
      ? made<Narrow | null>(null, 'every device packets are sent on by carries what allocations may send')
      : notKnown('the way of the packets is not known')
  },
})

/** Where a device is read. */
export const deviceOf = (namespace: string) => ({ namespace, at: 'link', by: 'kernel' }) as const

/** What an allocation sends on this way, and the first device of a client it is too large for. */
export function narrowOn({ topology: { namespaces }, places }: PathNetwork, way: readonly Hop[]): readonly Narrow[] {
  const [first] = way
  const start = first && places[first.namespace]
  if (!first || start?.kind !== 'alloc') return []
  const mtu = sentWith(namespaces, way)
  if (mtu === undefined) return []
  return way.flatMap(({ namespace, at, oif: device }) => {
    const place = places[namespace]
    const carries = mtuOf(namespaces, namespace, device)
    return place?.kind === 'client' && at === 'route' && device !== undefined && carries !== undefined && carries < mtu
      ? [{ alloc: start.label, place: place.label, mtu, device, carries }]
      : []
  })
}

type Namespaces = PathNetwork['topology']['namespaces']

const mtuOf = (namespaces: Namespaces, namespace: string, device: string | undefined): number | undefined =>
  namespaces[namespace]?.links?.find(({ name }) => name === device)?.mtu

/** The largest packet that the sender of a way makes: the device it goes out by carries no larger one. */
export function sentWith(namespaces: Namespaces, way: readonly Hop[]): number | undefined {
  const [first] = way
  const out = way.find(
    ({ namespace, at, oif }) => namespace === first?.namespace && at === 'route' && oif !== undefined,
  )
  return out && mtuOf(namespaces, out.namespace, out.oif)
}
