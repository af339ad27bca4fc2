import { isRecord } from '../json.ts'
import type { NftRule, NftRuleset, NftSet } from '../nft.ts'
import { memoOf } from '../../memo.ts'
import { compileStatement } from './nft-statement.ts'
import type { Statement } from './nft-statement.ts'
import { placeOf } from './program.ts'
import type { Next, Program, Step } from './program.ts'
import type { Sight } from './world.ts'

interface Grouped {
  readonly rules: ReadonlyMap<string, readonly NftRule[]>
  readonly chains: ReadonlySet<string>
  readonly sets: ReadonlyMap<string, NftSet>
  readonly programs: Map<string, Program>
}

const key = (family: string, table: string, name: string): string => `${family} ${table} ${name}`

const grouped = memoOf((ruleset: NftRuleset): Grouped => {
  const chains = new Set(ruleset.chains.map((one) => key(one.family, one.table, one.name)))
  return {
    rules: Map.groupBy(ruleset.rules, (rule) => key(rule.family, rule.table, rule.chain)),
    chains,
    sets: new Map(ruleset.sets.map((set) => [key(set.family, set.table, set.name), set])),
    programs: new Map(),
  }
})

/** The rules of a chain as nft counts them. */
export const nftRules = (ruleset: NftRuleset, family: string, table: string, chain: string): readonly NftRule[] =>
  grouped(ruleset).rules.get(key(family, table, chain)) ?? []

/** Makes one table of nftables ready; rules when they are first walked. */
export function nftProgram(ruleset: NftRuleset, family: string, table: string): Program {
  const { rules, chains, programs } = grouped(ruleset)
  const known = programs.get(`${family} ${table}`)
  if (known) return known
  const made = new Map<string, readonly Step[]>()
  const program: Program = {
    by: 'nftables',
    table: `${family} ${table}`,
    chain: (name) => {
      if (!chains.has(key(family, table, name))) return undefined
      const steps = made.get(name) ?? (rules.get(key(family, table, name)) ?? []).map((rule) => nftStep(ruleset, rule))
      made.set(name, steps)
      return steps
    },
  }
  programs.set(`${family} ${table}`, program)
  return program
}

/** Fields of a packet that are the same wherever it is looked at. */
const headers = new Set(['ip', 'ip6', 'tcp', 'udp', 'th'])

/** Whether one of a rule's conditions on the packet's own header fails; the others are not looked at. */
export const cannotMatch = (ruleset: NftRuleset, { expr, family, table }: NftRule, sight: Sight): boolean =>
  expr.some((one) => {
    const match = isRecord(one) && isRecord(one['match']) ? one['match'] : {}
    const left = isRecord(match['left']) ? match['left'] : {}
    const payload = isRecord(left['payload']) ? left['payload'] : {}
    if (!headers.has(String(payload['protocol']))) return false
    const place = { by: 'nftables', table, chain: '' } as const
    return (
      compileStatement(one, (name) => grouped(ruleset).sets.get(key(family, table, name)))(sight, place, undefined) ===
      'no'
    )
  })

/** Expressions that draw a number, or make one of the packet in a way nobody can tell before. */
const drawing = /"(numgen|jhash|symhash)":/

export function nftStep(ruleset: NftRuleset, rule: NftRule): Step {
  const { n, text, family, table } = rule
  const sets = (name: string): NftSet | undefined => grouped(ruleset).sets.get(key(family, table, name))
  let draws: boolean | undefined
  let statements: readonly Statement[] | undefined
  const step: Step = {
    n,
    text,
    run: (sight, place) => {
      statements ??= rule.expr.map((one) => compileStatement(one, sets))
      draws ??= drawing.test(JSON.stringify(rule.expr))
      const at = placeOf(place, step)
      const here = draws ? { ...sight, drawing: at } : sight
      // A rule is a sequence: a condition that fails ends it, what came before it has happened.
      let open: string | undefined
      for (const statement of statements) {
        const next: Next | 'go on' | 'no' | { readonly open: string } = statement(here, at, open)
        if (next === 'no') return undefined
        if (next === 'go on') continue
        if (next && 'open' in next) open ??= next.open
        else return next
      }
      return undefined
    },
  }
  return step
}
