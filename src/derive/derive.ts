import { memoOf } from '../memo.ts'
import type { Held, Seen, Why, World } from '../knowledge/fact.ts'
import type { Need } from '../knowledge/facts.ts'
import { NotEvaluable } from '../knowledge/hole.ts'
import type { Thing } from '../knowledge/things.ts'
import { nobody } from '../knowledge/condition.ts'
import { asHeld, originOf, type AnyDerivation, type Missed } from './derivation.ts'
import { parts, resolve } from '../knowledge/resolve.ts'

/**
 * Adds to the facts everything that follows from them, in the order of dependence. Returns a new world; the facts that
 * probes brought stay as they are. `by`: the same as `apply`, which may remember what it made of the same inputs.
 */
export function derive(world: World, derivations: readonly AnyDerivation[], by = apply): World {
  const facts = new Map<string, Map<string, Held<unknown>>>()
  world.facts.forEach((held, id) => facts.set(id, new Map(held)))
  const grown: World = { things: world.things, facts }
  const byKind = Map.groupBy(world.things.values(), ({ kind }) => kind)
  for (const rule of inOrder(derivations)) {
    for (const thing of byKind.get(rule.about) ?? []) {
      const held = by(rule, thing, grown)
      if (!held) continue
      const own = facts.get(thing.id) ?? new Map<string, Held<unknown>>()
      own.set(rule.provides, held)
      facts.set(thing.id, own)
    }
  }
  return grown
}

/** One derivation over one thing; undefined when an input is not there yet and nothing can be said. */
export function apply(rule: AnyDerivation, thing: Thing, world: World): Held<unknown> | undefined {
  const known: Record<string, unknown> = {}
  const maybe: Record<string, unknown> = {}
  const needs: Need[] = []
  const seen: Seen[] = []
  const note = (need: Need, [first]: readonly Seen[]) => first && needs.push(need) && seen.push(first)
  for (const need of rule.from) {
    const found = resolve(world, thing, need)
    if (found.state === 'nobody') return { known: false, why: 'not-found', detail: nobody(found.role) }
    if (found.state === 'unknown') {
      const { why, detail } = found
      // Without a reason it simply was not asked yet; with one, a source said why it does not ask.
      if (why === 'not-asked' && detail === undefined) return undefined
      return { known: false, why, ...(detail === undefined ? {} : { detail }) }
    }
    known[need] = found.value
    note(need, found.seen)
  }
  const missed: Partial<Record<Need, { why: Why; detail?: string }>> = {}
  for (const need of rule.maybe ?? []) {
    const found = resolve(world, thing, need)
    if (found.state === 'unknown') {
      if (found.why === 'not-asked' && found.detail === undefined && rule.waits?.includes(need)) return undefined
      missed[need] = found
    }
    if (found.state !== 'known') continue
    maybe[need] = found.value
    note(need, found.seen)
  }
  try {
    const returned = rule.make(known, maybe, thing, missed)
    const { from, rests } = originOf(returned)
    const all = rests ? seen.filter((_, i) => rests.includes(needs[i] as Need)) : seen
    const first = [from ?? rule.shows ?? []].flat().find((need) => needs.includes(need))
    const shown = first === undefined ? all[0] : seen[needs.indexOf(first)]
    return withCause(asHeld(rule.provides, returned, shown, all), missed)
  } catch (error) {
    if (error instanceof NotEvaluable) return { known: false, why: 'not-evaluable', detail: error.message }
    return {
      known: false,
      why: 'failed',
      detail: `this is our bug, deriving ${rule.provides}: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

/** What cannot be told because of refusals says the most frequent one: a person can do something about that. */
function withCause(held: Held<unknown>, missed: Missed): Held<unknown> {
  if (held.known || held.why !== 'not-evaluable') return held
  const refused = Object.values(missed).filter(
    ({ why, detail }) => detail !== undefined && !['not-evaluable', 'not-found', 'not-named'].includes(why),
  )
  const said = Map.groupBy(refused, ({ detail }) => detail)
  const [first] = [...said.values()].toSorted((a, b) => b.length - a.length)[0] ?? []
  return first?.detail === undefined ? held : { known: false, why: first.why, detail: first.detail }
}

/** Where a fact comes from, and what must be known for it. */
export interface Origin {
  readonly provides: string
  readonly from: readonly Need[]
  readonly maybe?: readonly Need[]
}

/** The rules that these needs rest on, and no others. */
export function behind<Rule extends Origin>(needs: readonly Need[], rules: readonly Rule[]): readonly Rule[] {
  const byFact = byFactOf(rules) as ReadonlyMap<string, Rule>
  const found = new Set<Rule>()
  const visit = (need: Need) => {
    const rule = byFact.get(parts(need).fact)
    if (!rule || found.has(rule)) return
    found.add(rule)
    for (const input of [...rule.from, ...(rule.maybe ?? [])]) visit(input)
  }
  for (const need of needs) visit(need)
  return rules.filter((rule) => found.has(rule))
}

const byFactOf = memoOf(
  (rules: readonly Origin[]): ReadonlyMap<string, Origin> => new Map(rules.map((rule) => [rule.provides, rule])),
)

const inOrder = memoOf((derivations: readonly AnyDerivation[]) => sorted(derivations))

/** In the order of dependence. Derivations are few; cycles are excluded by a test. */
export function sorted(derivations: readonly AnyDerivation[]): readonly AnyDerivation[] {
  const byFact = new Map(derivations.map((rule) => [rule.provides as string, rule]))
  const done = new Set<string>()
  const order: AnyDerivation[] = []
  const visit = (rule: AnyDerivation) => {
    if (done.has(rule.provides)) return
    done.add(rule.provides)
    for (const need of [...rule.from, ...(rule.maybe ?? [])]) {
      const input = byFact.get(need.replace(/^(source|target|every)\./, ''))
      if (input) visit(input)
    }
    order.push(rule)
  }
  for (const rule of derivations) visit(rule)
  return order
}
