import type { Hop, Trace, Verdict } from '../../knowledge/shapes/packet.ts'
import type { PathNetwork, PathWalk, RouteStop } from '../../knowledge/shapes/walk.ts'
import { forbiddingOf } from '../../packet/change/forbidding.ts'
import { familyOf } from '../../packet/ipaddr.ts'

interface End {
  readonly verdict: Trace['verdict'] | { readonly kind: 'returned' }
  /** Where the packet is on its way to. */
  readonly to: string
  readonly answer: boolean
}

/** The routes and policy rules at which every way of the packet ends, or its answer, in order. Those of `path.past`, not of `path.walks`. */
export function routeStopsIn(walk: PathWalk, network: PathNetwork): readonly RouteStop[] {
  const [first = [], ...others] = walk.traces.map((trace) =>
    endsOf(trace, walk).flatMap((end) => stopAt(end, walk, network)),
  )
  return first.filter((stop) => others.every((list) => list.some((other) => placed(other) === placed(stop))))
}

const at = (along: readonly Hop[], after: number, start: string): string => along[after - 1]?.after.dst ?? start

/** The answer's own, too, where the question came to who is meant. */
function endsOf({ hops, verdict, tuple, passed = [], back }: Trace, { wanted, meant }: PathWalk): readonly End[] {
  const question = [
    ...passed.map((one): End => ({ verdict: one.verdict, to: at(hops, one.after, wanted.dst), answer: false })),
    { verdict, to: tuple.dst, answer: false },
  ]
  if (!back || verdict.kind !== 'delivered' || meant?.includes(verdict.namespace) === false) return question
  const answer = (back.passed ?? []).map((one): End => ({
    verdict: one.verdict,
    to: at(back.hops, one.after, tuple.src),
    answer: true,
  }))
  return [...question, ...answer, { verdict: back.verdict, to: back.tuple.dst, answer: true }]
}

function stopAt({ verdict, to, answer }: End, { dial, places }: PathWalk, { topology }: PathNetwork): RouteStop[] {
  if (!isForbidden(verdict)) return []
  const { namespace, text = '' } = verdict.by
  const [state, family] = [topology.namespaces[namespace], familyOf(to)]
  const found = state && family && forbiddingOf(state, family, text)
  if (!found || !family) return []
  return [
    {
      place: places[namespace]?.label ?? namespace,
      host: dial.host,
      port: dial.port,
      answer,
      to,
      family,
      text,
      ...found,
    },
  ]
}

const isForbidden = (verdict: End['verdict']): verdict is Extract<Verdict, { kind: 'dropped' | 'unreachable' }> =>
  (verdict.kind === 'dropped' || verdict.kind === 'unreachable') &&
  verdict.by.by === 'kernel' &&
  verdict.by.at === 'route'

const placed = ({ place, family, text, answer }: RouteStop): string => JSON.stringify([place, family, text, answer])
