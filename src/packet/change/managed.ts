import type { Rule, Save } from '../iptables.ts'
import type { NftRule } from '../nft.ts'
import type { NamespaceState } from '../walk/types.ts'

/**
 * iptables-nft keeps its rules in nftables, where the walk looks up by position those that nft wrote. What was changed
 * in the save is changed there too: a rule that stays keeps its own, a new one gets one that nft did not write.
 */
export function alsoInNft(
  before: NamespaceState,
  after: NamespaceState,
  family: 'ip' | 'ip6',
  key: 'iptables4' | 'iptables6' | 'legacy4' | 'legacy6',
  table: string,
): NamespaceState {
  const { nft } = before
  if (!nft) return after
  const chainsOf = (save: Save | undefined) => save?.tables.find(({ name }) => name === table)?.chains ?? []
  const [old, now] = [chainsOf(before[key]), chainsOf(after[key])]
  const touched = now.filter((chain) => !old.includes(chain))
  const inTouched = (rule: NftRule): boolean =>
    rule.family === family && rule.table === table && touched.some(({ name }) => name === rule.chain)
  const rules = touched.flatMap(({ name, rules: list }) => {
    const own = nft.rules.filter((rule) => rule.family === family && rule.table === table && rule.chain === name)
    const previous = old.find((chain) => chain.name === name)?.rules ?? []
    return list.map((rule, i): NftRule => {
      const kept = own[previous.findIndex((one) => same(one, rule))]
      return kept
        ? { ...kept, n: i + 1 }
        : { family, table, chain: name, n: i + 1, expr: [], text: rule.text, counted: true, opaque: [] }
    })
  })
  return { ...after, nft: { ...nft, rules: [...nft.rules.filter((rule) => !inTouched(rule)), ...rules] } }
}

/** A rule that only moved is a copy with another number. */
const same = (one: Rule, other: Rule): boolean => one.matches === other.matches && one.line === other.line
