import { apply } from '../derive/derive.ts'
import type { AnyDerivation } from '../derive/derivation.ts'
import type { Aim } from '../derive/things.ts'
import { judge } from '../engine/judge.ts'
import { ruledOutBy } from '../knowledge/condition.ts'
import type { Need } from '../knowledge/facts.ts'
import type { Fault } from '../knowledge/fault.ts'
import { interning, keeping } from '../knowledge/kept.ts'

/** How facts are derived and faults judged in the rounds of one look. */
export interface Memory {
  readonly intern: ReturnType<typeof interning>
  readonly apply: typeof apply
  readonly judge: typeof judge
}

/** All that is ever read to judge a fault. */
export const needsOf = (fault: Fault): readonly Need[] => [...ruledOutBy(fault), ...fault.needs]

const remembering = (): Memory => ({
  intern: interning(),
  apply: keeping(apply, ({ from, maybe = [] }: AnyDerivation) => [...from, ...maybe]),
  judge: keeping(judge, needsOf),
})
const forgetful: Memory = { intern: (thing) => thing, apply, judge }

const memories = new WeakMap<Aim, Memory>()

/** Round after round learns a little: of one question all the rest is remembered. A survey has too many things for it. */
export function memoryOf(aim: Aim): Memory {
  if (aim.kind === 'survey') return forgetful
  const memory = memories.get(aim) ?? remembering()
  memories.set(aim, memory)
  return memory
}
