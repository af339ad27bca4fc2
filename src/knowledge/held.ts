import type { Held, World } from './fact.ts'
import type { FactKey, Facts } from './facts.ts'

/** What is held of a thing: a value, or why not. Undefined: nobody has looked yet. */
export function heldFact<K extends FactKey>(world: World, id: string, key: K): Held<Facts[K]> | undefined {
  return world.facts.get(id)?.get(key) as Held<Facts[K]> | undefined
}

/** The value alone, where it is known. */
export function value<K extends FactKey>(world: World, id: string, key: K): Facts[K] | undefined {
  const found = heldFact(world, id, key)
  return found?.known ? found.value : undefined
}
