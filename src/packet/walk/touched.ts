import { unsure } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Place } from './program.ts'
import { note, whereOf } from './world.ts'
import type { Sight } from './world.ts'

/** A rule puts something into a set, or takes it out: for the rest of the walk its members are not known for certain. */
export function touch(sight: Sight, place: Place, set: object | undefined, op: 'add' | 'del'): undefined {
  note(sight, `set ${op}`, place)
  if (set) sight.world.touched.set(set, { ...sight.world.touched.get(set), [op]: whereOf(sight, place) })
}

/** What the members that were read say of a packet, unless a rule of this walk may have changed it. */
export function asTouched({ world }: Sight, set: object, name: string, answer: Answer): Answer {
  const { add, del } = world.touched.get(set) ?? {}
  const by = (answer === true ? undefined : add) ?? (answer === false ? undefined : del)
  return by ? unsure(`set ${name} is changed on the way by the rule ${by.text ?? ''}`) : answer
}
