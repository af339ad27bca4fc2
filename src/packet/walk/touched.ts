import { unsure } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Place } from './program.ts'
import { note, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Where } from './types.ts'

/** A rule of this walk that put something into a set, or took it out. */
export interface Touch {
  readonly op: 'add' | 'del'
  /** The member as text that is the same for the same member; missing: which one is not known. */
  readonly member: string | undefined
  /** False: whether the rule matched is not known. */
  readonly sure: boolean
  readonly where: Where
}

export function touch(sight: Sight, place: Place, set: object | undefined, what: Omit<Touch, 'where'>): undefined {
  note(sight, `set ${what.op}`, place)
  if (!set) return
  const { touched } = sight.world
  touched.set(set, [...(touched.get(set) ?? []), { ...what, where: whereOf(sight, place) }])
}

/** What the members that were read say of a packet, and then the rules of this walk that changed them. */
export function asTouched(
  { world }: Sight,
  set: object,
  name: string,
  answer: Answer,
  member: string | undefined,
): Answer {
  let found = answer
  for (const { op, member: changed, sure, where } of world.touched.get(set) ?? []) {
    const known = changed !== undefined && member !== undefined
    if (known && changed !== member) continue
    const now = op === 'add'
    if (known && sure) found = now
    else if (found !== now) found = unsure(`set ${name} is changed on the way by the rule ${where.text ?? ''}`)
  }
  return found
}
