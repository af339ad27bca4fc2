import type { Family } from '../ipaddr.ts'
import type { Chain, Rule, Save, Table } from '../iptables.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { alsoInNft } from './managed.ts'
import { misplaced } from './rule-place.ts'
import { strange, type Refused } from './refused.ts'
import { keyOf, ruleOf } from './rule-words.ts'

const builtin: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
}
const long: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--insert': '-I',
  '--delete': '-D',
  '--replace': '-R',
  '--policy': '-P',
  '--flush': '-F',
  '--new-chain': '-N',
  '--delete-chain': '-X',
}

/** `iptables [-t TABLE] -A|-I|-D|-R|-P|-F|-N|-X …` of either backend and family. */
export function changeIptables(state: NamespaceState, args: readonly string[], program: string): Changed {
  const asked = parse(args)
  if ('not' in asked) return asked
  const four = !program.startsWith('ip6')
  const [own, other] = four ? (['iptables4', 'legacy4'] as const) : (['iptables6', 'legacy6'] as const)
  // The save is of the backend that plain iptables uses.
  const legacy = program.endsWith('legacy') && state[own]?.backend !== 'legacy'
  const key = legacy ? other : own
  const save = state[key]
  if (program.endsWith('nft') && save?.backend === 'legacy') return { not: 'the nft rules of iptables were not read' }
  if (!save) return { not: `the rules of ${program} were not read` }
  if (!save.complete) return { not: `the list of rules of ${program} is cut off` }
  const made = changed(save, asked, four ? 4 : 6)
  if (typeof made === 'string') return { not: made }
  if ('not' in made) return made
  const after = { ...state, [key]: made }
  return {
    state: made.backend === 'legacy' || legacy ? after : alsoInNft(state, after, four ? 'ip' : 'ip6', key, asked.table),
  }
}

interface Asked {
  readonly table: string
  readonly verb: string
  readonly chain: string
  /** Everything after the chain. */
  readonly rest: readonly string[]
}

function parse(args: readonly string[]): Asked | Refused {
  let [table, i] = ['filter', 0]
  for (; i < args.length; i += 1) {
    const word = args[i] ?? ''
    if (word === '-t' || word === '--table') table = args[(i += 1)] ?? ''
    else if (/^(-w|--wait)$/.test(word)) i += /^\d+$/.test(args[i + 1] ?? '') ? 1 : 0
    else break
  }
  const verb = long[args[i] ?? ''] ?? args[i] ?? ''
  if (!Object.hasOwn(builtin, table)) return strange(table, `there is no table ${table}`)
  if (!/^-[AIDRPFNX]$/.test(verb)) return strange(args[i] ?? '', `iptables ${verb} is not modelled`)
  const late = args.indexOf('-t', i)
  const tail = late === -1 ? args : [...args.slice(0, late), ...args.slice(late + 2)]
  return {
    table: late === -1 ? table : (args[late + 1] ?? ''),
    verb,
    chain: tail[i + 1] ?? '',
    rest: tail.slice(i + 2),
  }
}

function changed(save: Save, { table: name, verb, chain, rest }: Asked, family: Family): Save | string | Refused {
  const table = save.tables.find((one) => one.name === name) ?? empty(name)
  const chains = chainsAfter(table, family, verb, chain, rest)
  if (typeof chains === 'string' || 'not' in chains) return chains
  const next: Table = { ...table, chains }
  const known = save.tables.includes(table)
  return { ...save, tables: known ? save.tables.map((one) => (one === table ? next : one)) : [...save.tables, next] }
}

const empty = (name: string): Table => ({
  name,
  complete: true,
  chains: (builtin[name] ?? []).map((chain) => ({ name: chain, policy: 'ACCEPT', rules: [] })),
})

function chainsAfter(
  { name: table, chains }: Table,
  family: Family,
  verb: string,
  name: string,
  rest: readonly string[],
): readonly Chain[] | string | Refused {
  const chain = chains.find((one) => one.name === name)
  const write = (next: Chain): readonly Chain[] => chains.map((one) => (one === chain ? next : one))
  if (verb === '-F' && name === '') return chains.map((one) => ({ ...one, rules: [] }))
  if (verb === '-X' && name === '')
    return chains.every((one) => one.policy !== null || (one.rules.length === 0 && !calls(chains, one.name)))
      ? chains.filter(({ policy }) => policy !== null)
      : 'iptables -X while chains are in use is not modelled'
  if (verb === '-N') return chain ? `there is a chain ${name} already` : [...chains, { name, policy: null, rules: [] }]
  if (!chain) return `there is no chain ${name}`
  if (verb === '-F') return write({ ...chain, rules: [] })
  if (verb === '-X')
    return chain.policy === null && chain.rules.length === 0 && !calls(chains, name)
      ? chains.filter((one) => one !== chain)
      : `chain ${name} is in use`
  if (verb === '-P') {
    const policy = rest[0]
    if (chain.policy === null) return `${name} is a chain of one's own and has no policy`
    if (policy === 'DROP' && table === 'nat') return 'the table nat takes no DROP'
    return policy === 'ACCEPT' || policy === 'DROP'
      ? write({ ...chain, policy })
      : strange(policy ?? name, `${policy ?? ''} is no policy`)
  }
  const rules = rulesAfter(chain, table, family, verb, rest, (other) => chains.some((one) => one.name === other))
  return typeof rules === 'string' || 'not' in rules
    ? rules
    : write({ ...chain, rules: rules.map((rule, i) => (rule.n === i + 1 ? rule : { ...rule, n: i + 1 })) })
}

const calls = (chains: readonly Chain[], name: string): boolean =>
  chains.some(({ rules }) =>
    rules.some(({ target }) => target !== undefined && 'chain' in target && target.chain === name),
  )

function rulesAfter(
  { name, policy, rules }: Chain,
  table: string,
  family: Family,
  verb: string,
  rest: readonly string[],
  isChain: (name: string) => boolean,
): readonly Rule[] | string | Refused {
  const numbered = /^\d+$/.test(rest[0] ?? '')
  const at = numbered ? Number(rest[0]) : 1
  // Rules are counted from 1.
  if (at === 0) return `chain ${name} has no place 0`
  if (verb === '-D' && numbered)
    return at <= rules.length ? rules.toSpliced(at - 1, 1) : `chain ${name} has no rule ${at}`
  const body = ruleOf(name, numbered ? rest.slice(1) : rest, family, isChain)
  if ('not' in body) return body
  const odd = misplaced(table, name, policy === null, body)
  if (odd !== undefined) return odd
  const rule: Rule = { n: 0, line: 0, ...body }
  if (verb === '-A') return [...rules, rule]
  if (verb === '-I')
    return at <= rules.length + 1 ? rules.toSpliced(at - 1, 0, rule) : `chain ${name} has no place ${at}`
  if (verb === '-R') return at <= rules.length ? rules.toSpliced(at - 1, 1, rule) : `chain ${name} has no rule ${at}`
  const found = rules.findIndex((one) => keyOf(one) === keyOf(rule))
  return found === -1 ? `chain ${name} has no such rule` : rules.toSpliced(found, 1)
}
