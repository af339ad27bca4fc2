import type { Hop, PathWalk, Verdict, WalkPlace } from './walked.ts'

type Places = PathWalk['places']

/** Hops in a row in one namespace. */
export interface Visit {
  readonly namespace: string
  readonly hops: readonly Hop[]
}

export const placeOf = (places: Places, namespace: string): WalkPlace =>
  places[namespace] ?? { kind: 'outside', label: namespace }

/** The end may be in a namespace where nothing was noted. */
export function visitsOf(hops: readonly Hop[], verdict: Verdict | { readonly namespace: string }): readonly Visit[] {
  const visits: { namespace: string; hops: Hop[] }[] = []
  for (const hop of hops) {
    const last = visits.at(-1)
    if (last?.namespace === hop.namespace) last.hops.push(hop)
    else visits.push({ namespace: hop.namespace, hops: [hop] })
  }
  const { namespace } = 'by' in verdict ? verdict.by : 'where' in verdict ? verdict.where : verdict
  if (namespace !== '' && visits.at(-1)?.namespace !== namespace) visits.push({ namespace, hops: [] })
  return visits
}

/** Bridges seen on a way, as `namespace device`: what a frame came to by another device of the same namespace. */
export type Bridges = ReadonlySet<string>
export const isBridge = (bridges: Bridges, namespace: string, device: string | undefined): boolean =>
  device !== undefined && bridges.has(`${namespace} ${device}`)

export function bridgesIn(hops: readonly Hop[]): Bridges {
  const found = new Set<string>()
  hops.forEach(({ at, does, iif, namespace }, i) => {
    if (at === 'bridge' && iif !== undefined) found.add(`${namespace} ${iif}`)
    const next = hops[i + 1]
    if (does === 'arrive' && next?.namespace === namespace && next.iif !== undefined && next.iif !== iif)
      found.add(`${namespace} ${next.iif}`)
  })
  return found
}

const short = (label: string): string => label.replace(/^client /, '')

/** What lies between two namespaces: the bridge or device of a client its allocations are on, else a wire. */
export function linkText(from: Visit | undefined, to: Visit, places: Places, bridges: Bridges): string {
  const a = placeOf(places, from?.namespace ?? '')
  const b = placeOf(places, to.namespace)
  if (a.kind === 'client' && b.kind !== 'client' && b.kind !== 'outside') {
    const device = from?.hops.findLast(({ oif }) => oif !== undefined)?.oif ?? ''
    return `${isBridge(bridges, from?.namespace ?? '', device) ? 'bridge' : 'device'} ${device} on ${short(a.label)}`
  }
  if (b.kind === 'client' && a.kind !== 'client' && a.kind !== 'outside') {
    const bridge = to.hops.find(({ iif }) => isBridge(bridges, to.namespace, iif))?.iif
    return bridge === undefined
      ? `device ${to.hops[0]?.iif ?? ''} on ${short(b.label)}`
      : `bridge ${bridge} on ${short(b.label)}`
  }
  return `wire ${short(a.label)} to ${short(b.label)}`
}
