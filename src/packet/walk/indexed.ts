import type { Family } from '../ipaddr.ts'
import type { Route } from '../ip-route.ts'
import type { Link } from '../ip.ts'
import { net } from './address.ts'
import type { Net } from './address.ts'
import { memoOf } from '../../memo.ts'
import type { NamespaceState } from './types.ts'

/** A namespace's state with what the walk looks up by name or address; made once per state. */
export interface Index {
  readonly state: NamespaceState
  readonly links: ReadonlyMap<string, Link>
  /** Devices by the bridge (or bond, vrf) they belong to. */
  readonly members: ReadonlyMap<string, readonly Link[]>
  readonly tables: Readonly<Record<Family, ReadonlyMap<string, readonly Ranked[]> | undefined>>
  /** Anything else made once per state, by name. */
  readonly memo: Map<string, unknown>
}

/** A route with its network made ready; the first that fits is the one the kernel takes. */
export interface Ranked {
  readonly route: Route
  readonly net: Net
}

const indexes = new WeakMap<NamespaceState, Index>()

export function indexOf(state: NamespaceState): Index {
  const known = indexes.get(state)
  if (known) return known
  const links = state.links ?? []
  const made: Index = {
    state,
    links: new Map(links.map((link) => [link.name, link])),
    members: Map.groupBy(
      links.filter((link) => link.master !== undefined),
      (link) => link.master ?? '',
    ),
    tables: { 4: state.routes4 && tablesOf(state.routes4), 6: state.routes6 && tablesOf(state.routes6) },
    memo: new Map(),
  }
  indexes.set(state, made)
  return made
}

export function memo<T>(index: Index, key: string, make: () => T): T {
  if (!index.memo.has(key)) index.memo.set(key, make())
  return index.memo.get(key) as T
}

/** Made once for each list, whatever states it is in. */
const tablesOf = memoOf((routes: readonly Route[]): ReadonlyMap<string, readonly Ranked[]> => {
  const ranked = routes.flatMap((route) => {
    const network = net(route.dst === 'default' ? (route.family === 4 ? '0.0.0.0/0' : '::/0') : route.dst)
    return network ? [{ route, net: network }] : []
  })
  // The longest prefix first, then those for a type of service, then the lowest metric; equal ones stay in the kernel's order.
  ranked.sort((a, b) => b.net.prefix - a.net.prefix || tos(b) - tos(a) || a.route.metric - b.route.metric)
  return Map.groupBy(ranked, ({ route }) => route.table)
})

const tos = ({ route }: Ranked): number => (route.tos === undefined ? 0 : 1)
