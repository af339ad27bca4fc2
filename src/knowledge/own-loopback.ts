import { isLoopback } from './discovery.ts'
import type { World } from './fact.ts'
import { value } from './held.ts'
import type { Thing } from './things.ts'

/** No packet of the paths comes to the loopback interface inside this allocation, as its job and the callers' addresses have it. */
export function offLoopback(alloc: string, paths: readonly Thing[], world: World): boolean {
  const own = paths.filter(({ links }) => links['target.alloc'] === alloc || links['source.alloc'] === alloc)
  return own.length > 0 && own.every((path) => comesFromElsewhere(alloc, path, world))
}

function comesFromElsewhere(alloc: string, { id, links, names }: Thing, world: World): boolean {
  const { 'source.alloc': caller, 'source.group': callers, 'target.alloc': target, 'target.group': targets } = links
  // Nobody is named, or it calls itself: its own calls are what was asked about.
  if (names.caller === undefined || caller === target) return false
  if (target === alloc) return typeof targets === 'string' && staysOutside(targets, world)
  const dials = value(world, id, 'path.dials')
  const mesh = typeof callers === 'string' ? value(world, callers, 'group.mesh') : undefined
  return (
    mesh !== undefined &&
    mesh !== 'transparent-proxy' &&
    dials !== undefined &&
    dials.length > 0 &&
    dials.every(({ host }) => /^[\d.]+$|:/.test(host) && !isLoopback(host))
  )
}

/** Nothing in it hands on to a neighbour: no proxy of the mesh, and no task that says it calls one. */
function staysOutside(group: string, world: World): boolean {
  const calls = value(world, group, 'group.calls')
  return (
    value(world, group, 'group.mesh') === 'none' && calls !== undefined && !calls.some(({ host }) => isLoopback(host))
  )
}
