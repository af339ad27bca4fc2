import type { World } from './fact.ts'
import { value } from './held.ts'

/** A fault of a port that no path leads to: it is there, and is not why these callers fail. */
export function beside(
  { thing, ports }: { readonly thing: string; readonly ports?: readonly string[] },
  world: World,
): boolean {
  if (!ports || world.things.get(thing)?.kind !== 'alloc') return false
  const paths = [...world.things.values()].filter(({ kind }) => kind === 'path')
  const leading = paths.filter(({ links }) => links['target.alloc'] === thing)
  // Where a target is not known, it may be this one.
  if (leading.length === 0)
    return paths.length > 0 && paths.every(({ links }) => typeof links['target.alloc'] === 'string')
  return leading.every(({ id, names }) => {
    const asked = names.port === undefined ? undefined : value(world, id, 'path.port')?.label
    return typeof asked === 'string' && !ports.includes(asked)
  })
}
