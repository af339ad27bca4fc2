import type { Off } from '../../knowledge/shapes/crossing.ts'
import type { Trace, Verdict, Where } from '../../knowledge/shapes/packet.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { PathNetwork, PathWalk } from '../../knowledge/shapes/walk.ts'
import { stopping } from './stopping.ts'

/**
 * A client at which every way of a packet of the path ends because it does not forward, or that of its answer. Of
 * `path.past`: by whatever address the source calls, of either family. `all`: every walk is known to its end.
 */
export function unforwarded(
  walks: readonly PathWalk[],
  attempts: readonly Attempt[],
  network: PathNetwork,
): { readonly stop: Ended | undefined; readonly all: boolean } {
  const { stops, differs, lost } = stopping(walks, attempts, (walk) => offsIn(walk, network))
  return { stop: stops[0], all: !differs && lost === undefined && walks.length > 0 }
}

interface Ended {
  readonly host: string
  readonly off: Off
  /** The setting, where it is read. */
  readonly where: Where
}

function offsIn({ traces, dial }: PathWalk, network: PathNetwork): readonly Ended[] {
  const [first = [], ...others] = traces.map((trace) => endsOf(trace).flatMap((one) => offAt(one, network)))
  return first
    .filter((one) => others.every((ends) => ends.some((other) => isSame(one, other))))
    .map((one) => ({ host: dial.host, ...one }))
}

type At = Omit<Ended, 'host'>
const isSame = ({ off: { way, key } }: At, { off: other }: At): boolean =>
  other.way.node === way.node && other.key === key

const endsOf = ({ verdict, passed = [], back }: Trace): readonly (Verdict | { readonly kind: 'returned' })[] => [
  ...passed.map((one) => one.verdict),
  verdict,
  ...(back && verdict.kind === 'delivered' ? [...(back.passed ?? []).map((one) => one.verdict), back.verdict] : []),
]

const switchOff = /^(net\.ipv([46])\.conf\..+\.forwarding) = 0$/

function offAt(verdict: ReturnType<typeof endsOf>[number], { places, topology }: PathNetwork): readonly At[] {
  if (verdict.kind !== 'dropped' || verdict.by.by !== 'kernel') return []
  const { namespace, text = '', iif = '', oif = '' } = verdict.by
  const [, key, family] = switchOff.exec(text) ?? []
  const place = places[namespace]
  if (key === undefined || place?.kind !== 'client') return []
  const node = place.label.replace(/^client /, '')
  const all = family === '6' || topology.namespaces[namespace]?.sysctls?.['net.ipv4.ip_forward'] === '0'
  const where: Where = { namespace, at: 'forward', by: 'kernel', text }
  return [{ off: { way: { node, in: iif, out: oif }, key, all }, where }]
}
