import type { Family } from '../ipaddr.ts'
import { passedOver } from './beyond.ts'
import { isForbidding, lookup } from './fib.ts'
import type { Asked, Looked } from './fib.ts'
import type { Space, World } from './world.ts'
import type { Verdict } from './types.ts'

/** No route, or one that forbids. */
export type Forbidden = Exclude<Looked, { kind: 'route' | 'unknown' }>

const forbids = (found: Looked): found is Forbidden & { readonly kind: Exclude<Forbidden['kind'], 'no-route'> } =>
  isForbidding(found.kind)

/** The lookup; a walk that goes on past its ends passes over what forbids, where there is a way without it. */
export function lookupPast(
  world: World,
  space: Space,
  family: Family,
  asked: Asked,
  verdict: (found: Forbidden) => Verdict,
): Looked {
  const first = lookup(space, family, asked)
  // One that is followed as meant makes up for the way itself.
  if (!world.beyond || world.beyond.meant || !forbids(first)) return first
  const met: Forbidden[] = []
  let found: Looked = first
  while (forbids(found)) {
    met.push(found)
    found = lookup(space, family, { ...asked, past: new Set(met.map(({ text }) => text)) })
  }
  if (found.kind === 'no-route') return first
  for (const one of met) passedOver(world, verdict(one))
  return found
}
