import { isFirewalld } from '../../knowledge/firewalld.ts'
import type { Stopped } from '../../knowledge/shapes/crossing.ts'
import type { Trace } from '../../knowledge/shapes/packet.ts'
import type { PathWalk, ZoneStop } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

export const firewalldDerivation: AnyDerivation = derivation({
  provides: 'path.firewalld',
  about: 'path',
  from: [],
  maybe: ['path.past', 'path.forward', 'path.followed'],
  waits: ['path.past', 'path.forward', 'path.followed'],
  shows: ['path.past', 'path.forward'],
  make: (_, { 'path.past': walks, 'path.forward': forward, 'path.followed': whole }) => {
    const found = walks?.flatMap(stopIn)[0] ?? (forward ? stopAt(forward) : null)
    if (found)
      return made<ZoneStop | null>(
        found,
        `${found.place}: forward in by ${found.in} out by ${found.out}, ${found.by} ${found.chain}: ${found.rule ?? `policy ${found.verdict}`}`,
      )
    if (forward === undefined && !(whole && walks?.every(({ outcome }) => outcome !== 'unknown')))
      return notKnown('which rules a forwarded packet meets is not known')
    return made<ZoneStop | null>(null, 'firewalld stops no packet of the path')
  },
})

/** Where every way the packet may go ends at firewalld. */
function stopIn({ traces, places }: PathWalk): readonly ZoneStop[] {
  const stops = traces.map(({ passed, ...trace }) => {
    const ends = passed?.map(({ verdict, after }) => ({ ...trace, verdict, hops: trace.hops.slice(0, after) }))
    return [...(ends ?? []), trace].map(stopOf).find((one) => one !== null) ?? null
  })
  const [first] = stops
  if (!first || stops.includes(null)) return []
  return [{ ...first, place: places[first.place]?.label ?? first.place }]
}

/** `place` is the namespace. */
export function stopOf({ verdict, hops }: Trace): ZoneStop | null {
  if (verdict.kind !== 'rejected' && verdict.kind !== 'dropped') return null
  const { namespace, at, by, iif = '', oif = '', table = '', chain = '', text, rule } = verdict.by
  const jumps = hops.flatMap((hop) =>
    hop.namespace === namespace && hop.at === 'forward' && hop.by === by && hop.does === 'jump' ? [hop.text ?? ''] : [],
  )
  if (at !== 'forward' || by === 'kernel' || !isFirewalld({ by, table, chain, jumps })) return null
  return {
    place: namespace,
    in: iif,
    out: oif,
    translated: hops.some(({ namespace: here, before, after }) => here === namespace && before.dst !== after.dst),
    by: by === 'nftables' ? by : 'iptables',
    chain,
    rule: rule === undefined ? null : (text ?? null),
    verdict: verdict.kind === 'rejected' ? 'reject' : 'drop',
  }
}

function stopAt({ way, stop: { by, table, chain, via, rule, verdict } }: Stopped): ZoneStop | null {
  if (!isFirewalld({ by, table, chain, jumps: via })) return null
  return {
    place: `client ${way.node}`,
    in: way.in,
    out: way.out,
    translated: way.inside !== null,
    by: by === 'nftables' ? by : 'iptables',
    chain,
    rule,
    verdict,
  }
}
