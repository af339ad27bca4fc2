import type { Family } from '../ipaddr.ts'
import type { Save } from '../iptables.ts'
import { isRecord } from '../json.ts'
import { baseChains, isDormant } from '../nft.ts'
import type { NftChain, NftRule, NftRuleset } from '../nft.ts'
import { rulesDiffer } from './contradictions.ts'
import { memo } from './indexed.ts'
import type { Index } from './indexed.ts'
import { iptablesProgram } from './iptables-program.ts'
import type { Natives } from './iptables-program.ts'
import { nftProgram, nftRules, nftStep } from './nft-program.ts'
import type { Program } from './program.ts'
import type { By, Hook } from './types.ts'

/** One base chain of a hook. */
export interface Base {
  readonly prio: number
  readonly type: 'filter' | 'nat' | 'route'
  readonly program: Program
  readonly chain: string
  readonly policy: string
  readonly empty: boolean
  /** Why it may not be called at all. */
  readonly doubt?: string
}

/** Every base chain a packet meets at a hook, in order; or what of it is not known. */
export type Bases =
  | { readonly known: true; readonly bases: readonly Base[] }
  | { readonly known: false; readonly by: By; readonly table?: string; readonly because: string }

export const basesAt = (index: Index, family: Family, hook: Hook): Bases =>
  memo(index, `bases ${family} ${hook}`, () => collect(index, family, hook))

/** Where iptables hangs its tables: include/uapi/linux/netfilter_ipv4.h. */
const tables: readonly (readonly [
  table: string,
  type: Base['type'],
  hooks: Readonly<Partial<Record<Hook, number>>>,
])[] = [
  ['raw', 'filter', { prerouting: -300, output: -300 }],
  ['mangle', 'filter', { prerouting: -150, input: -150, forward: -150, output: -150, postrouting: -150 }],
  ['nat', 'nat', { prerouting: -100, output: -100, input: 100, postrouting: 100 }],
  ['filter', 'filter', { input: 0, forward: 0, output: 0 }],
  ['security', 'filter', { input: 50, forward: 50, output: 50 }],
]

function collect(index: Index, family: Family, hook: Hook): Bases {
  const { state } = index
  const [save, legacy] = family === 4 ? [state.iptables4, state.legacy4] : [state.iptables6, state.legacy6]
  const name = family === 4 ? 'iptables' : 'ip6tables'
  if (!save) return { known: false, by: 'iptables', because: `the ${name} rules are not known` }
  if (!state.nft) return { known: false, by: 'nftables', because: 'the nftables ruleset is not known' }
  // What iptables-save prints may be either backend's; it says so when the other one holds tables too.
  const other = save.backend === 'legacy' ? undefined : legacy
  if (!other && save.legacyTablesPresent)
    return { known: false, by: 'iptables-legacy', because: `the ${name}-legacy rules are not known` }
  const cut = [save, other].find((one) => one && !one.complete)
  if (cut)
    return {
      known: false,
      by: 'iptables',
      because: `the list of ${name} rules is cut off after line ${cut.cutAt ?? '?'}`,
    }
  const ruleset = state.nft
  const differ = rulesDiffer(name, save, ruleset, family === 4 ? 'ip' : 'ip6')
  if (differ !== undefined) return { known: false, by: 'iptables', because: differ }
  const printed = new Set(save.backend === 'nf_tables' ? save.tables.map((table) => table.name) : [])
  const fam = family === 4 ? 'ip' : 'ip6'
  const by = save.backend === 'legacy' ? 'iptables-legacy' : 'iptables'
  const own = iptables(index, save, by, hook, nativesIn(ruleset, fam))
  const bases = [
    ...(save.backend === 'nf_tables' ? called(ruleset, fam, own) : own),
    ...(other ? iptables(index, other, 'iptables-legacy', hook) : []),
    // Chains that iptables-nft keeps are in its save already.
    ...nftables(ruleset, family, hook, (chain) => chain.family === fam && printed.has(chain.table)),
  ]
  return { known: true, bases: bases.toSorted((a, b) => rank(a, hook) - rank(b, hook) || a.prio - b.prio) }
}

/** All translation happens where the first nat chain is hooked, whatever its own priority (nf_nat_core.c). */
export const rank = ({ type, prio }: Base, hook: Hook): number =>
  type !== 'nat' ? prio : hook === 'prerouting' || hook === 'output' ? -100 : 100

function iptables(index: Index, save: Save, by: By, hook: Hook, natives?: (table: string) => Natives): readonly Base[] {
  return tables.flatMap(([name, type, hooks]) => {
    const prio = hooks[hook]
    const table = save.tables.find((one) => one.name === name)
    const chain = table?.chains.find((one) => one.name === hook.toUpperCase())
    if (prio === undefined || !table || !chain) return []
    const route = name === 'mangle' && hook === 'output'
    const program = memo(index, `${by} ${save.family ?? ''} ${name}`, () => iptablesProgram(by, table, natives?.(name)))
    return [
      {
        prio,
        type: route ? 'route' : type,
        program,
        chain: chain.name,
        policy: chain.policy ?? 'ACCEPT',
        empty: chain.rules.length === 0,
      },
    ]
  })
}

/** What iptables-save prints for rules that iptables-nft did not write is wrong; they are taken from nftables. */
const nativesIn =
  (ruleset: NftRuleset, family: string) =>
  (table: string): Natives =>
  (chain) => {
    const rules = nftRules(ruleset, family, table, chain)
    return (n) => {
      const rule = rules[n - 1]
      return rule && foreign(rule) ? nftStep(ruleset, rule) : undefined
    }
  }

/** iptables-nft always counts, and writes no sets and maps. */
const foreign = (rule: NftRule): boolean => !rule.counted || rule.expr.some(usesSet)

function usesSet(expression: unknown): boolean {
  if (!isRecord(expression)) return false
  if ('vmap' in expression) return true
  const { match } = expression
  const right = isRecord(match) ? match['right'] : undefined
  return (isRecord(right) && 'set' in right) || (typeof right === 'string' && right.startsWith('@'))
}

function nftables(
  ruleset: NftRuleset,
  family: Family,
  hook: Hook,
  printed: (chain: NftChain) => boolean,
): readonly Base[] {
  return baseChains(ruleset, family, hook)
    .filter((chain) => chain.name !== hook.toUpperCase() || !printed(chain))
    .filter((chain) => isDormant(ruleset, chain.family, chain.table) !== true)
    .map((chain) => ({
      ...doubtful(ruleset, chain.family, chain.table),
      prio: chain.base.prio,
      type: chain.base.type === 'nat' || chain.base.type === 'route' ? chain.base.type : 'filter',
      program: nftProgram(ruleset, chain.family, chain.table),
      chain: chain.name,
      policy: chain.base.policy.toUpperCase(),
      empty: nftRules(ruleset, chain.family, chain.table, chain.name).length === 0,
    }))
}

/** Chains of iptables-nft, whose tables another hand may have put to sleep. */
const called = (ruleset: NftRuleset, family: string, bases: readonly Base[]): readonly Base[] =>
  bases
    .filter(({ program }) => isDormant(ruleset, family, program.table) !== true)
    .map((base) => ({ ...base, ...doubtful(ruleset, family, base.program.table) }))

const doubtful = (ruleset: NftRuleset, family: string, table: string): Pick<Base, 'doubt'> =>
  isDormant(ruleset, family, table) === 'unknown'
    ? {
        doubt: `nft prints no flags that it has for table ${family} ${table}: whether its chains are called is not known`,
      }
    : {}
