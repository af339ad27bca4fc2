import { agrees, isLate, measuredOutcome } from '../../knowledge/measured.ts'
import { whyMomentary } from '../../knowledge/restart-loop.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { Disagreement, PathWalk } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

export const disagreementDerivation: AnyDerivation = derivation({
  provides: 'path.disagreement',
  about: 'path',
  from: ['path.walks', 'path.attempts'],
  maybe: ['target.alloc.record', 'target.alloc.asked'],
  shows: 'path.attempts',
  make: (
    { 'path.walks': walks, 'path.attempts': attempts },
    { 'target.alloc.record': record, 'target.alloc.asked': asked },
  ) => {
    const found = walks.flatMap((walk) => comparable(walk, attempts).flatMap((attempt) => against(walk, attempt)))
    const [first] = found
    const tried = walks.flatMap((walk) =>
      comparable(walk, attempts).map((attempt) => agrees(walk.outcome, attempt, isLate(walk.traces))),
    )
    if (!first && tried.includes(null)) return notKnown('a connection that was tried could not be simulated to its end')
    const moment = first && record ? whyMomentary(record.tasks, asked) : undefined
    if (moment !== undefined) return notKnown(moment)
    const compared = tried.length
    return made<Disagreement | null>(
      first ?? null,
      first
        ? `${first.place} to ${first.address}: simulated ${first.simulated}, measured ${first.measured}`
        : compared === 0
          ? 'no connection was both simulated and tried'
          : `${compared} connections were simulated and tried, with the same result`,
    )
  },
})

/** Attempts from the very namespace the walk starts in, to the same address, where the attempt can tell. */
const comparable = ({ begins, start, wanted, dial }: PathWalk, attempts: readonly Attempt[]): readonly Attempt[] =>
  begins === 'source' && start.arrives === undefined && wanted.proto === 'tcp'
    ? attempts.filter(
        (one) =>
          one.from === 'source' &&
          one.place.startsWith(start.namespace.split(' ').slice(0, 2).join(' ')) &&
          one.host === dial.host &&
          one.port === dial.port &&
          measuredOutcome(one) !== 'unknown',
      )
    : []

function against({ dial, outcome, places, traces, unread }: PathWalk, attempt: Attempt): readonly Disagreement[] {
  if (outcome === 'unknown' || agrees(outcome, attempt, isLate(traces)) !== false) return []
  const { place, outcome: measured } = attempt
  const through = traces.flatMap(({ hops, back }) => [...hops, ...(back?.hops ?? [])].map(({ namespace }) => namespace))
  return [
    {
      place,
      address: `${dial.host}:${dial.port}`,
      simulated: outcome,
      measured,
      through: [...new Set(through)].map((one) => places[one]?.label ?? one),
      unread: unread.map(({ namespace, what }) => `${what} of ${places[namespace]?.label ?? namespace}`),
    },
  ]
}
