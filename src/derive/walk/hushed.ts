import type { Hushed, PathNetwork, PathWalk } from '../../knowledge/shapes/walk.ts'
import { familyOf } from '../../packet/ipaddr.ts'
import { walk, type Hop, type Start, type Trace, type Wanted, type Where } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, showing, type AnyDerivation } from '../derivation.ts'
import { deviceOf, sentWith } from './narrow.ts'
import { shownAt } from './shown.ts'

/**
 * Full-size packets of a connection that small ones pass: whether one is too large for a device on the way, and the
 * message about it never comes to the sender (RFC 2923, section 2.1).
 */
export const hushedDerivation: AnyDerivation = derivation({
  provides: 'path.hushed',
  about: 'path',
  from: ['path.network', 'path.walks'],
  shows: 'path.network',
  make: ({ 'path.network': network, 'path.walks': walks }) => {
    const stood = walks.filter(({ outcome, wanted }) => outcome === 'answered' && wanted.proto === 'tcp')
    if (stood.length === 0) return notKnown('no connection of this path is known to stand')
    const found = stood.flatMap((one) => hushedOn(network, one))[0]
    return found
      ? showing(
          made<Hushed | null>(found, `${carriesLine(found)}\n${found.at}: ${found.rule}`),
          shownAt([{ where: deviceOf(found.place), line: carriesLine(found) }], network),
        )
      : made<Hushed | null>(null, 'who sends what is too large for a device on this way is told')
  },
})

function hushedOn({ topology, places }: PathNetwork, { start, wanted, traces }: PathWalk): readonly Hushed[] {
  const { namespaces } = topology
  const label = (one: string): string => places[one]?.label ?? one
  const full = (begins: Start, to: Wanted, way: readonly Hop[]): readonly Hushed[] => {
    const size = sentWith(namespaces, way)
    if (size === undefined) return []
    return walk(topology, { ...begins, size }, to).flatMap(({ verdict, back, hops }): readonly Hushed[] => {
      if (verdict.kind !== 'unreachable' || verdict.how !== 'too-big') return []
      const lost = back?.verdict
      if (lost?.kind !== 'dropped' && lost?.kind !== 'rejected') return []
      const { namespace, oif = '' } = verdict.by
      const carries = namespaces[namespace]?.links?.find(({ name }) => name === oif)?.mtu ?? 0
      if ([namespace, ...hops.map((hop) => hop.namespace)].some((one) => clamps(namespaces[one], carries))) return []
      const rule = lost.by.text ?? (lost.kind === 'dropped' ? lost.why : lost.with)
      const chain = chainOf(lost.by, to.dst)
      const at = label(lost.by.namespace)
      return [{ place: label(namespace), device: oif, carries, size, at, rule, ...(chain ? { chain } : {}) }]
    })
  }
  return traces.flatMap((trace) => [...full(start, wanted, trace.hops), ...answers(trace, full)])
}

function chainOf({ by, table, chain: name }: Where, dst: string): Hushed['chain'] {
  return by === 'kernel' || table === undefined || name === undefined
    ? undefined
    : { by, table, name, family: familyOf(dst) === 6 ? 6 : 4 }
}

const carriesLine = ({ place, device, carries }: Hushed): string => `${place}: ${device} carries ${carries}`

/** What the target sends back, as packets of its own. */
function answers(
  { verdict, tuple, back }: Trace,
  full: (begins: Start, to: Wanted, way: readonly Hop[]) => readonly Hushed[],
): readonly Hushed[] {
  if (verdict.kind !== 'delivered' || !back || tuple.dport === undefined) return []
  const { src, dst, dport: sport, sport: dport = 40_000 } = tuple
  return full({ namespace: verdict.namespace }, { proto: 'tcp', src: dst, sport, dst: src, dport }, back.hops)
}

type State = PathNetwork['topology']['namespaces'][string]

/** It writes a segment size into connections that fits. */
const clamps = (state: State | undefined, carries: number): boolean =>
  (state?.iptables4?.tables.find(({ name }) => name === 'mangle')?.chains ?? []).some(({ rules }) =>
    rules.some(
      ({ target }) =>
        target?.kind === 'continue' &&
        target.mss !== undefined &&
        (target.mss === 'path' || target.mss + 40 <= carries),
    ),
  )
