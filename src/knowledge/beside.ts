import type { World } from './fact.ts'
import { isLoopback } from './discovery.ts'
import { value } from './held.ts'
import type { Thing } from './things.ts'

/** A fault that no packet of the callers comes to, or of a port that no path leads to: it is there, and is not why these callers fail. */
export function beside(
  { thing, ports }: { readonly thing: string; readonly ports?: readonly string[] },
  world: World,
): boolean {
  if (world.things.get(thing)?.kind !== 'alloc') return false
  const paths = [...world.things.values()].filter(({ kind }) => kind === 'path')
  const leading = paths.filter(({ links }) => links['target.alloc'] === thing)
  if (leading.length > 0 && leading.every((path) => staysInside(path, world))) return true
  if (!ports) return false
  // Where a target is not known, it may be this one.
  if (leading.length === 0)
    return paths.length > 0 && paths.every(({ links }) => typeof links['target.alloc'] === 'string')
  return leading.every(({ id, names }) => {
    const asked = names.port === undefined ? undefined : value(world, id, 'path.port')?.label
    return typeof asked === 'string' && !ports.includes(asked)
  })
}

/** All the caller dials is its own loopback, where nothing takes it: what is wrong at the target is never met. */
function staysInside({ id, links }: Thing, world: World): boolean {
  const namespace = value(world, id, 'path.caller-namespace')
  if (links['source.alloc'] === links['target.alloc'] || (namespace !== 'group' && namespace !== 'container'))
    return false
  const [dials, local] = [value(world, id, 'path.dials'), value(world, id, 'path.local-listeners')]
  return (
    value(world, id, 'path.discovery') === 'localhost' &&
    dials !== undefined &&
    dials.length > 0 &&
    local !== undefined &&
    dials.every(({ host, port }) => isLoopback(host) && port !== undefined && !local.includes(port))
  )
}
