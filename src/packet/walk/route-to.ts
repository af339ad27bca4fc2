import { familyOf } from '../ipaddr.ts'
import type { Route } from '../ip-route.ts'
import { lookup } from './fib.ts'
import { indexOf } from './indexed.ts'
import type { NamespaceState } from './types.ts'

/** A TCP packet: `iif` is the device it came in by, missing when it is made here; `src` is missing when it is not chosen yet. */
export interface Going {
  readonly dst: string
  readonly src?: string
  readonly iif?: string
}

/** The one route a namespace takes; null: it has none, or one that refuses; a text: why it is not known. */
export function routeTo(state: NamespaceState, { dst, src = '', iif = 'lo' }: Going): Route | null | string {
  const family = familyOf(dst)
  if (family === undefined) return `${dst} is no address`
  const space = { name: '', index: indexOf(state), flows: [] }
  const found = lookup(space, family, { dst, src, iif, mark: 0, tos: 0, uid: 0, proto: 'tcp' })
  if (found.kind === 'unknown') return found.because
  if (found.kind !== 'route') return null
  return found.route.hops.length > 0 ? 'the route has several next hops' : found.route
}
