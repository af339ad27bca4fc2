import type { Outcome, Trace, Where } from './shapes/packet.ts'
import type { Attempt } from './shapes/runtime.ts'
import type { PathWalk } from './shapes/walk.ts'

const outcomes: Readonly<Record<Attempt['outcome'], Outcome>> = {
  answered: 'answered',
  connected: 'answered',
  stalled: 'answered',
  reset: 'answered',
  empty: 'answered',
  refused: 'refused',
  'timed-out': 'silent',
  unreachable: 'unreachable',
  'name-unknown': 'unknown',
  sometimes: 'unknown',
  unclear: 'unknown',
}

/** What an attempt says of its first packet, in the words of a walk. */
export const measuredOutcome = ({ outcome }: Pick<Attempt, 'outcome'>): Outcome => outcomes[outcome]

/** The tools that try do not tell these two apart. */
const isTold = (outcome: Outcome): boolean => outcome === 'refused' || outcome === 'unreachable'

/**
 * The caller is told of its failure late, or never: where nobody answers for an address the kernel gives up after
 * seconds, and errors that come from the way (ICMP) are sent at a limited rate and may be lost.
 */
export const isLate = (traces: readonly Trace[]): boolean =>
  traces.length > 0 &&
  traces.every(({ verdict }) => {
    if (verdict.kind === 'unreachable') return verdict.how === 'neighbour' || isOnTheWay(verdict.by)
    return verdict.kind === 'rejected' && verdict.with.startsWith('icmp') && isOnTheWay(verdict.by)
  })

const isOnTheWay = ({ iif }: Where): boolean => iif !== undefined && iif !== 'lo'

/** Whether an attempt met what a walk says of the same packet; null where one of both cannot tell. */
export function agrees(simulated: Outcome, attempt: Pick<Attempt, 'outcome'>, late = false): boolean | null {
  const measured = measuredOutcome(attempt)
  if (late && measured === 'silent') return true
  if (measured === 'unknown' || simulated === 'unknown') return null
  return measured === simulated || (isTold(measured) && isTold(simulated))
}

/**
 * Whether the address of a walk was measured to answer, from where the walk begins. What answers sometimes is not stopped
 * by a rule that matches always.
 */
export const isAnswered = ({ begins, dial, wanted, traces }: PathWalk, attempts: readonly Attempt[]): boolean =>
  // Attempts are TCP.
  wanted.proto !== 'udp' &&
  attempts.some(
    (one) =>
      (begins === 'source' ? one.from === 'source' : one.from !== 'target-node') &&
      one.host === dial.host &&
      one.port === dial.port &&
      (one.outcome === 'sometimes'
        ? traces.every(({ chances }) => chances.length === 0)
        : measuredOutcome(one) === 'answered'),
  )
