import { isFirewalld } from '../../knowledge/firewalld.ts'
import type { Stopped } from '../../knowledge/shapes/crossing.ts'
import type { Trace } from '../../knowledge/shapes/packet.ts'
import type { PathWalk, ZoneStop } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, showing, type AnyDerivation } from '../derivation.ts'
import { shownAt } from './shown.ts'

export const firewalldDerivation: AnyDerivation = derivation({
  provides: 'path.firewalld',
  about: 'path',
  from: [],
  maybe: ['path.past', 'path.forward', 'path.followed'],
  waits: ['path.past', 'path.forward', 'path.followed'],
  shows: ['path.past', 'path.forward'],
  make: (_, { 'path.past': walks, 'path.forward': forward, 'path.followed': whole }) => {
    const walked = walks?.flatMap((one) => stopIn(one).map((stop) => ({ stop, places: one.places })))[0]
    if (walked) return showing(said(walked.stop), shownAt([endOf(walked.stop)], walked))
    const crossed = forward ? stopAt(forward) : null
    if (crossed) return said(crossed, 'path.forward')
    if (forward === undefined && !(whole && walks?.every(({ outcome }) => outcome !== 'unknown')))
      return notKnown('which rules a forwarded packet meets is not known')
    return made<ZoneStop | null>(null, 'firewalld stops no packet of the path')
  },
})

const lineOf = ({ place, in: iif, out, by, chain }: ZoneStop): string =>
  `${place}: forward in by ${iif} out by ${out}, ${by} ${chain}`

const said = (stop: ZoneStop, from?: 'path.forward') =>
  made<ZoneStop | null>(stop, `${lineOf(stop)}: ${stop.rule ?? `policy ${stop.verdict}`}`, from)

const endOf = (stop: ZoneStop) => ({
  where: {
    namespace: stop.place,
    at: 'forward',
    by: stop.by,
    chain: stop.chain,
    text: stop.rule ?? `policy ${stop.verdict.toUpperCase()}`,
  } as const,
  line: lineOf(stop),
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
