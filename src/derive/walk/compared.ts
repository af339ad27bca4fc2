import type { Hop, Outcome, Trace } from '../../knowledge/shapes/packet.ts'
import type { Retried } from '../../knowledge/shapes/walk.ts'
import { outcomeOf, strayOf } from '../../packet/walk/index.ts'
import { together } from './together.ts'

/** A connection before and after a change. */
export interface Tried extends Retried {
  readonly was: readonly Trace[]
  readonly meant?: readonly string[]
  /** It is lost behind a bridge that leads to allocations alone: it never left the machines that were read. */
  readonly stays?: boolean
}

/** What is worse about it afterwards; undefined: nothing is. */
export function worseBy({ was, traces, meant, stays }: Tried): string | undefined {
  const [from, to] = [takers(was), takers(traces)]
  // Somebody else took it; that the target does now is what was wanted.
  if (meant && strayOf(was, meant) && to.length > 0 && !strayOf(traces, meant)) return undefined
  if (strayOf(traces, meant) && !strayOf(was, meant)) return `taken by ${to.join(', ')}`
  if (from.length > 0 && to.length > 0 && !to.every((one) => from.includes(one))) return `taken by ${to.join(', ')}`
  // It leaves with an address that nobody out there can answer.
  if (was.every(rewritten) && traces.some((one) => isSent(one) && !rewritten(one)))
    return 'its source is not translated any more'
  // What was not known may have ended before, and how it fares then tells nothing.
  if (stays || was.some(isLost)) return undefined
  // A way that is lost on the model is no worse for it; one that ends there is.
  const told = traces.filter((one) => outcomeOf(one) !== 'unknown' && !(was.every(isSent) && isShut(one, meant)))
  return told.length > 0 && reach(told) < reach(was) ? '' : undefined
}

/** What becomes of it then or now is not known, it does not end as it does now, and it may be worse. */
export const isOpen = ({ was, traces, before, after }: Tried): boolean =>
  (after === 'unknown' ? before !== 'silent' : after !== 'answered' && was.some(isLost)) && ends(was) !== ends(traces)

/** What becomes of it is not known on a machine that was read. */
const isLost = (one: Trace): boolean => outcomeOf(one) === 'unknown' && !isSent(one)

/** It leaves the machines that were read. */
const isSent = ({ verdict }: Trace): boolean =>
  verdict.kind === 'unknown' && verdict.where.by === 'kernel' && ['link', 'neighbour'].includes(verdict.where.at)

/** It comes to where it is meant, and nobody listens there: no rule or route could do more for it. */
const isShut = (one: Trace, meant: readonly string[] = []): boolean =>
  outcomeOf(one) === 'refused' && one.verdict.kind === 'refused' && meant.includes(one.verdict.namespace)

/** Whether every address of a path is answered, and by whom it is meant for. */
export function arrival(own: readonly Tried[]): 'yes' | 'no' | 'unknown' {
  const outcomes = own.map(({ traces, after, meant }): Outcome => (strayOf(traces, meant) ? 'refused' : after))
  if (outcomes.every((one) => one === 'answered')) return 'yes'
  return outcomes.includes('unknown') ? 'unknown' : 'no'
}

/** Who takes it afterwards in place of the target. */
export const strayIn = ({ traces, meant }: Tried): string | undefined =>
  strayOf(traces, meant) ? takers(traces).join(', ') : undefined

/** Who takes it now in place of the target. */
export const strayBefore = ({ was, meant }: Tried): string | undefined =>
  strayOf(was, meant) ? takers(was).join(', ') : undefined

const takers = (traces: readonly Trace[]): readonly string[] =>
  traces.flatMap(({ verdict }) =>
    verdict.kind === 'delivered'
      ? [`${verdict.socket.processes[0]?.name ?? 'a program'} on port ${verdict.socket.port} of ${verdict.namespace}`]
      : [],
  )

const rewritten = ({ hops }: Trace): boolean => hops.some((hop: Hop) => hop.before.src !== hop.after.src)

const ends = (traces: readonly Trace[]): string => JSON.stringify(traces.map(({ verdict, tuple }) => [verdict, tuple]))

/** How far the worst way comes: answered, not known what becomes of it, refused, not there. */
function reach(traces: readonly Trace[]): number {
  const ranks = traces.map((one) =>
    ['silent', 'unreachable', 'refused', 'unknown', 'answered'].indexOf(together([one])),
  )
  return Math.min(...ranks)
}
