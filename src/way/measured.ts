import type { Attempt } from '../knowledge/shapes/runtime.ts'
import type { PathWalk, WayPlace } from './walked.ts'

/** What a connection attempt met, in words. */
export const attemptText: Readonly<Record<Attempt['outcome'], string>> = {
  answered: 'answered',
  connected: 'connected',
  stalled: 'connected, then silence',
  refused: 'refused',
  'timed-out': 'no answer',
  unreachable: 'no way',
  reset: 'connected, then reset',
  empty: 'connected, no answer',
  'name-unknown': 'the name is not known',
  unclear: 'cannot be told',
}

/** Attempts name their machine by the beginning of its id. */
const isAt = ({ place }: Attempt, { kind, node, alloc }: WayPlace): boolean =>
  kind === 'client'
    ? node !== undefined && place === `client ${node.slice(0, 8)}`
    : alloc !== undefined && place.endsWith(`allocation ${alloc.slice(0, 8)}`)

/** Attempts made from one namespace of a walk, each place once. */
export function attemptsFrom(
  namespace: string,
  { places }: PathWalk,
  attempts: readonly Attempt[],
): readonly Attempt[] {
  const place = places[namespace]
  return place ? attempts.filter((attempt) => isAt(attempt, place)) : []
}
