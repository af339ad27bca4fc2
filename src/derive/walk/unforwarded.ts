import type { Off } from '../../knowledge/shapes/crossing.ts'
import type { Trace, Verdict } from '../../knowledge/shapes/packet.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { PathNetwork, PathWalk } from '../../knowledge/shapes/walk.ts'
import { stopping } from './stopping.ts'

/**
 * A client at which every way of a packet of the path ends because it does not forward, or that of its answer. Of
 * `path.past`: by whatever address the source calls, of either family.
 */
export function unforwarded(
  walks: readonly PathWalk[],
  attempts: readonly Attempt[],
  network: PathNetwork,
): Off | undefined {
  const [found] = stopping(walks, attempts, (walk) => offsIn(walk, network)).stops
  return found?.off
}

interface Ended {
  readonly host: string
  readonly off: Off
}

function offsIn({ traces, dial }: PathWalk, network: PathNetwork): readonly Ended[] {
  const [first = [], ...others] = traces.map((trace) => endsOf(trace).flatMap((one) => offAt(one, network)))
  return first
    .filter(({ way, key }) => others.every((ends) => ends.some((one) => one.way.node === way.node && one.key === key)))
    .map((off) => ({ host: dial.host, off }))
}

const endsOf = ({ verdict, passed = [], back }: Trace): readonly (Verdict | { readonly kind: 'returned' })[] => [
  ...passed.map((one) => one.verdict),
  verdict,
  ...(back && verdict.kind === 'delivered' ? [...(back.passed ?? []).map((one) => one.verdict), back.verdict] : []),
]

const switchOff = /^(net\.ipv([46])\.conf\..+\.forwarding) = 0$/

function offAt(verdict: ReturnType<typeof endsOf>[number], { places, topology }: PathNetwork): readonly Off[] {
  if (verdict.kind !== 'dropped' || verdict.by.by !== 'kernel') return []
  const { namespace, text = '', iif = '', oif = '' } = verdict.by
  const [, key, family] = switchOff.exec(text) ?? []
  const place = places[namespace]
  if (key === undefined || place?.kind !== 'client') return []
  const node = place.label.replace(/^client /, '')
  const all = family === '6' || topology.namespaces[namespace]?.sysctls?.['net.ipv4.ip_forward'] === '0'
  return [{ way: { node, in: iif, out: oif }, key, all }]
}
