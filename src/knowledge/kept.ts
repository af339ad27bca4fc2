import type { World } from './fact.ts'
import type { Need } from './facts.ts'
import { parts } from './resolve.ts'
import type { Thing } from './things.ts'

/** What follows from a rule for one thing and from nothing but its needs. */
export type Making<Rule, Made> = (rule: Rule, thing: Thing, world: World) => Made

/**
 * The same function, which remembers what it made: as long as the thing and everything its needs see are the same
 * objects, the answer is too. `needsOf`: all a rule ever reads.
 */
export function keeping<Rule extends object, Made>(
  make: Making<Rule, Made>,
  needsOf: (rule: Rule) => readonly Need[],
): Making<Rule, Made> {
  const needs = new Map<Rule, readonly Need[]>()
  const kept = new Map<Rule, Map<Thing, { readonly sees: readonly unknown[]; readonly made: Made }>>()
  return (rule, thing, world) => {
    const own = needs.get(rule) ?? needsOf(rule)
    needs.set(rule, own)
    const sees = seenBy(world, thing, own)
    const things = kept.get(rule) ?? new Map()
    kept.set(rule, things)
    const before = things.get(thing)
    if (before && same(before.sees, sees)) return before.made
    const made = make(rule, thing, world)
    things.set(thing, { sees, made })
    return made
  }
}

/** Everything that `resolve` reads for these needs, by identity. */
function seenBy(world: World, thing: Thing, needs: readonly Need[]): readonly unknown[] {
  const sees: unknown[] = []
  for (const need of needs) {
    const { every, role, kind, fact } = parts(need)
    if (every)
      for (const id of thing.many[kind] ?? []) sees.push(world.facts.get(id)?.get(fact), world.things.get(id)?.about)
    else {
      const id = role === thing.kind ? thing.id : thing.links[role]
      if (typeof id === 'string') sees.push(world.facts.get(id)?.get(fact))
    }
  }
  return sees
}

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index])

/** Things that are made anew and say the same become one object. */
export function interning(): (thing: Thing) => Thing {
  const known = new Map<string, Thing>()
  return (thing) => {
    const text = JSON.stringify(thing)
    const before = known.get(text)
    if (before) return before
    known.set(text, thing)
    return thing
  }
}
