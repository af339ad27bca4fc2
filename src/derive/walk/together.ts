import type { Outcome, Trace } from '../../knowledge/shapes/packet.ts'
import { outcomeOf } from '../../packet/walk/index.ts'

/** What the caller sees where every way leads to the same; unknown otherwise. */
export function together(traces: readonly Trace[]): Outcome {
  const [first, ...others] = new Set(traces.map((one) => outcomeOf(one)))
  return first === undefined || others.length > 0 ? 'unknown' : first
}
