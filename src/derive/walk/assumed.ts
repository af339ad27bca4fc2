import type { NamespaceState, RouteRule } from '../../knowledge/shapes/packet.ts'
import type { Missed } from '../derivation.ts'

const lookup = (priority: number, table: string): RouteRule => ({
  priority,
  not: false,
  src: 'all',
  dst: 'all',
  action: 'lookup',
  table,
  other: [],
})

const made = {
  'alloc.nft': ['nft list ruleset', { nft: { tables: [], chains: [], rules: [], sets: [], others: [] } }],
  'alloc.rules': ['ip -4 rule', { rules4: [lookup(0, 'local'), lookup(32_766, 'main'), lookup(32_767, 'default')] }],
  'alloc.rules6': ['ip -6 rule', { rules6: [lookup(0, 'local'), lookup(32_766, 'main')] }],
} as const satisfies Readonly<Record<string, readonly [string, Partial<NamespaceState>]>>

/**
 * A case may not hold these replies of an allocation's namespace; a refusal is another matter. Nomad and the plug-ins
 * that make one write neither nftables rules nor policy rules, so it is taken as it was made, and `unread` says so.
 */
export function asMade(state: NamespaceState, missed: Missed): NamespaceState {
  const taken = Object.entries(made).filter(([need]) => missed[need as keyof typeof made]?.why === 'not-recorded')
  if (taken.length === 0) return state
  const names = new Set<string>(taken.map(([, [argv]]) => argv))
  const unread = state.unread.map((one) =>
    names.has(one.argv) ? { ...one, why: `${one.why}; taken as Nomad makes it` } : one,
  )
  return Object.assign({}, ...taken.map(([, [, pieces]]) => pieces), state, { unread }) as NamespaceState
}
