import type { World } from './fact.ts'
import type { Need } from './facts.ts'
import { parts, type Parts } from './resolve.ts'
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
  const needs = new Map<Rule, readonly Parts[]>()
  // Things are few and rules many.
  const kept = new Map<Thing, Map<Rule, { readonly sees: readonly unknown[]; readonly made: Made }>>()
  return (rule, thing, world) => {
    let own = needs.get(rule)
    if (!own) needs.set(rule, (own = needsOf(rule).map(parts)))
    let rules = kept.get(thing)
    if (!rules) kept.set(thing, (rules = new Map()))
    const before = rules.get(rule)
    if (before && sees(world, thing, own, before.sees)) return before.made
    const made = make(rule, thing, world)
    rules.set(rule, { sees: seenBy(world, thing, own), made })
    return made
  }
}

/** Everything that `resolve` reads for these needs, by identity. */
function seenBy(world: World, thing: Thing, needs: readonly Parts[]): readonly unknown[] {
  const sees: unknown[] = []
  look(world, thing, needs, (one) => sees.push(one) > 0)
  return sees
}

/** Whether `seenBy` would see these again; most often it does, so that no list is made for it. */
function sees(world: World, thing: Thing, needs: readonly Parts[], before: readonly unknown[]): boolean {
  let at = 0
  return look(world, thing, needs, (one) => one === before[at++]) && at === before.length
}

/** Shows one after the other, as long as it is taken; whether all were. */
const look = (
  { facts, things }: World,
  thing: Thing,
  needs: readonly Parts[],
  take: (one: unknown) => boolean,
): boolean =>
  needs.every(({ every, role, kind, fact }) => {
    if (every)
      return thing.many[kind]?.every((id) => take(facts.get(id)?.get(fact)) && take(things.get(id)?.about)) ?? true
    const id = role === thing.kind ? thing.id : thing.links[role]
    return typeof id !== 'string' || take(facts.get(id)?.get(fact))
  })

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
