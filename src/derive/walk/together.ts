import type { Outcome, Trace } from '../../knowledge/shapes/packet.ts'
import { outcomeOf } from '../../packet/walk/index.ts'

/** What the caller sees where every way leads to the same; unknown otherwise. */
export function together(traces: readonly Trace[]): Outcome {
  const [first, ...others] = new Set(traces.map((one) => (strays(one) ? 'unknown' : outcomeOf(one))))
  return first === undefined || others.length > 0 ? 'unknown' : first
}

/** The answer to a caller beyond leaves by another device than the question came: what is out there may still bring it. */
const strays = ({ verdict, back }: Trace): boolean =>
  verdict.kind === 'delivered' &&
  back?.verdict.kind === 'dropped' &&
  back.verdict.by.at === 'link' &&
  back.verdict.why.startsWith('the answer leaves by ')
