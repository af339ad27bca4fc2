import { at, isRecord, number, parseJson, string } from './json.ts'
import type { Json } from './json.ts'
import { expressionText } from './nft-text.ts'
import { parsed, present, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

export interface NftTable {
  readonly family: string
  readonly name: string
  /** Its chains are not called; unknown where what is printed of its flags is none that nft has. */
  readonly dormant?: true | 'unknown'
}

/** Flags of a table (nft(8)); 1.0.6 prints what lies in memory in the place of any of them. */
const tableFlags = new Set<unknown>(['dormant', 'owner', 'persist'])

export interface NftChain {
  /** ip, ip6, inet, bridge, arp or netdev */
  readonly family: string
  readonly table: string
  readonly name: string
  /** Present for a base chain: where the kernel enters it. */
  readonly base?: NftBase
}

export interface NftBase {
  /** prerouting, input, forward, output, postrouting, ingress */
  readonly hook: string
  /** Lower runs first; the order of equal ones is not visible. */
  readonly prio: number
  /** filter, nat or route */
  readonly type: string
  readonly policy: 'accept' | 'drop'
  /** Of ingress and egress; missing where nft does not print them, as 1.0.6. */
  readonly devices?: readonly string[]
}

export interface NftRule {
  readonly family: string
  readonly table: string
  readonly chain: string
  /** Position in its chain, from 1. */
  readonly n: number
  readonly handle?: number
  readonly comment?: string
  /** The expressions as nft prints them (libnftables-json(5)). */
  readonly expr: readonly unknown[]
  /** The same for the eye, close to what `nft list ruleset` prints. */
  readonly text: string
  /** It counts packets; iptables-nft always adds a counter, so a rule without one was written by somebody else. */
  readonly counted: boolean
  /** Names of the iptables extensions in it, whose parameters this output does not have. */
  readonly opaque: readonly string[]
}

export interface NftSet {
  readonly kind: 'set' | 'map'
  readonly family: string
  readonly table: string
  readonly name: string
  /** Data type of the keys, as printed. */
  readonly type: unknown
  readonly elem: readonly unknown[]
  /** The most members it takes, where a limit was set. */
  readonly size?: number
}

export interface NftRuleset {
  readonly version?: string
  readonly tables: readonly NftTable[]
  readonly chains: readonly NftChain[]
  readonly rules: readonly NftRule[]
  readonly sets: readonly NftSet[]
  /** Other objects by kind: flowtable, ct helper, counter, quota, limit, … */
  readonly others: readonly string[]
}

/** Reads `nft -j list ruleset`. An incomplete output is unreadable as a whole. */
export function parseNftRuleset(text: string): Parsed<NftRuleset> {
  const json = parseJson(text)
  if (!json.ok) return json
  const list = isRecord(json.value) ? at(json.value, 'nftables') : undefined
  if (!Array.isArray(list)) return unreadable('there is no list named nftables')
  const found = {
    tables: [] as NftTable[],
    chains: [] as NftChain[],
    rules: [] as NftRule[],
    sets: [] as NftSet[],
    others: [] as string[],
  }
  const lengths = new Map<string, number>()
  let version: string | undefined
  for (const [index, entry] of (list as unknown[]).entries()) {
    const kind = isRecord(entry) ? (Object.keys(entry)[0] ?? '') : ''
    const body = isRecord(entry) ? at(entry, kind) : undefined
    if (!isRecord(body)) return unreadable(`object ${index + 1} is empty`)
    if (kind === 'metainfo') version = string(body, 'version')
    else {
      const why = add(found, lengths, kind, body)
      if (why !== undefined) return unreadable(`object ${index + 1}: ${why}`)
    }
  }
  return parsed(present<NftRuleset>({ version, ...found }))
}

/** Base chains of a hook that see packets of this family, in the order they run. */
export function baseChains(
  ruleset: NftRuleset,
  family: 4 | 6,
  hook: string,
): readonly (NftChain & { readonly base: NftBase })[] {
  const sees = family === 4 ? ['ip', 'inet'] : ['ip6', 'inet']
  return ruleset.chains
    .filter(
      (chain): chain is NftChain & { readonly base: NftBase } =>
        chain.base?.hook === hook && sees.includes(chain.family),
    )
    .toSorted((a, b) => a.base.prio - b.base.prio)
}

/** Whether the chains of a table are not called. */
export const isDormant = ({ tables }: NftRuleset, family: string, table: string): boolean | 'unknown' =>
  tables.find((one) => one.family === family && one.name === table)?.dormant ?? false

/** The rules of one chain, in order. */
export const rulesOf = ({ rules }: NftRuleset, { family, table, name }: NftChain): readonly NftRule[] =>
  rules.filter((rule) => rule.family === family && rule.table === table && rule.chain === name)

interface Found {
  readonly tables: NftTable[]
  readonly chains: NftChain[]
  readonly rules: NftRule[]
  readonly sets: NftSet[]
  readonly others: string[]
}

function add(found: Found, lengths: Map<string, number>, kind: string, body: Json): string | undefined {
  const [family, table, name] = [string(body, 'family'), string(body, 'table'), string(body, 'name')]
  if (family === undefined) return `a ${kind} without family`
  if (kind === 'table') {
    if (name === undefined) return 'a table without name'
    const flags = at(body, 'flags')
    const listed = flags === undefined ? [] : Array.isArray(flags) ? (flags as unknown[]) : [flags]
    const unread = listed.some((one) => !tableFlags.has(one)) || (flags !== undefined && listed.length === 0)
    const dormant = listed.includes('dormant') || (unread && ('unknown' as const))
    found.tables.push({ family, name, ...(dormant === false ? {} : { dormant }) })
    return undefined
  }
  if (kind === 'rule') return addRule(found, lengths, family, body)
  if (table === undefined || name === undefined) return `a ${kind} without table or name`
  if (kind === 'chain') {
    const base = readBase(body)
    if (base === null) return `chain ${name} has a hook without priority`
    found.chains.push(present<NftChain>({ family, table, name, base }))
  } else if (kind === 'set' || kind === 'map') {
    const elem = at(body, 'elem')
    const size = number(body, 'size')
    const members = Array.isArray(elem) ? elem : []
    found.sets.push(present<NftSet>({ kind, family, table, name, type: at(body, 'type'), elem: members, size }))
  } else found.others.push(kind)
  return undefined
}

function addRule(found: Found, lengths: Map<string, number>, family: string, body: Json): string | undefined {
  const [table, chain, expr] = [string(body, 'table'), string(body, 'chain'), at(body, 'expr')]
  if (table === undefined || chain === undefined || !Array.isArray(expr))
    return 'a rule without table, chain or expressions'
  const list = expr as readonly unknown[]
  const key = JSON.stringify([family, table, chain])
  const n = (lengths.get(key) ?? 0) + 1
  lengths.set(key, n)
  const extensions = list
    .filter(isRecord)
    .map((one) => at(one, 'xt'))
    .filter(isRecord)
  found.rules.push(
    present<NftRule>({
      family,
      table,
      chain,
      n,
      handle: number(body, 'handle'),
      comment: string(body, 'comment'),
      expr: list,
      text: list
        .map((one) => expressionText(one))
        .filter((text) => text !== '')
        .join(' '),
      counted: list.some((one) => isRecord(one) && Object.hasOwn(one, 'counter')),
      opaque: extensions.map((one) => string(one, 'name') ?? '?'),
    }),
  )
  return undefined
}

/** Undefined for a chain without hook; null when the hook cannot be read. */
function readBase(body: Json): NftBase | undefined | null {
  const [hook, prio] = [string(body, 'hook'), number(body, 'prio')]
  if (hook === undefined) return undefined
  if (prio === undefined) return null
  const policy = string(body, 'policy') === 'drop' ? 'drop' : 'accept'
  const named = [at(body, 'dev')].flat().filter((one) => typeof one === 'string')
  const devices = named.length > 0 ? named : undefined
  return present<NftBase>({ hook, prio, type: string(body, 'type') ?? 'filter', policy, devices })
}
