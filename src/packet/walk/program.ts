import { note, unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { By, Verdict, Where } from './types.ts'

/** What a rule makes of a packet; undefined: the next rule is asked. */
export type Next =
  | undefined
  | { readonly go: 'return' | 'accept' }
  | { readonly go: 'jump' | 'goto'; readonly chain: string }
  | { readonly go: 'stop'; readonly verdict: Verdict }

export const accepted: Next = { go: 'accept' }
export const returned: Next = { go: 'return' }
export const stop = (verdict: Verdict): Next => ({ go: 'stop', verdict })

/** Where a rule stands. */
export interface Place {
  readonly by: By
  /** As people write it: `filter`, `inet firewalld`. */
  readonly table: string
  readonly chain: string
  readonly rule?: number
  readonly text?: string
}

/** One rule made ready. */
export interface Step {
  readonly n: number
  readonly text: string
  readonly run: (sight: Sight, place: Place) => Next
}

/** The rules of one table. `chain` is undefined for a name the table does not have. */
export interface Program {
  readonly by: By
  readonly table: string
  readonly chain: (name: string) => readonly Step[] | undefined
}

/** Deeper nests are a circle, which the kernel refuses to load. */
const deepest = 64

/** Sends the packet through a chain; undefined: its end was reached. */
export function through(program: Program, name: string, sight: Sight, depth = 0): Next {
  const steps = program.chain(name)
  const { world } = sight
  const place: Place = { by: program.by, table: program.table, chain: name }
  if (!steps) return stop(unknownAt(whereOf(sight, place), `there is no chain ${name}`))
  for (const step of steps) {
    world.budget -= 1
    if (depth > deepest || world.budget < 0) {
      const because = depth > deepest ? 'the chains lead in a circle' : 'there are too many rules to follow'
      return stop(unknownAt(whereOf(sight, placeOf(place, step)), because))
    }
    const next = step.run(sight, place)
    if (!next) continue
    if (next.go === 'return') return undefined
    if (next.go !== 'jump' && next.go !== 'goto') return next
    const ended = through(program, next.chain, sight, depth + 1)
    if (ended || next.go === 'goto') return ended
  }
  return undefined
}

export const placeOf = (place: Place, { n, text }: { readonly n: number; readonly text: string }): Place => ({
  ...place,
  rule: n,
  text,
})

/** The end of a base chain. */
export function policy(sight: Sight, program: Program, chain: string, does: string, silent: boolean): Next {
  const place: Partial<Where> = { by: program.by, table: program.table, chain, text: `policy ${does}` }
  if (!silent) note(sight, `policy ${does.toLowerCase()}`, place)
  if (does === 'ACCEPT') return accepted
  const where = whereOf(sight, place)
  if (does === 'DROP') return stop({ kind: 'dropped', why: `the policy of ${chain} is DROP`, by: where })
  return stop(unknownAt(where, 'the policy hands the packet to a program'))
}
