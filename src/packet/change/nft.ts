import { isRecord } from '../json.ts'
import type { NftRule, NftRuleset } from '../nft.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { addChain, addTable } from './nft-made.ts'
import { strange, type Refused } from './refused.ts'
import { portOf } from './services.ts'

/** `nft add|insert rule FAMILY TABLE CHAIN [handle N] …`, `nft delete rule … handle N`, `nft flush chain …`, `nft add|flush|delete table …`, `nft add chain …`, `nft chain … { policy accept; }`. */
export function changeNft(state: NamespaceState, args: readonly string[]): Changed {
  const { nft } = state
  if (!nft) return { not: 'the nftables ruleset was not read' }
  const [verb = '', object = '', ...rest] = args.filter((arg) => !/^-[ajn]+$/.test(arg))
  if (verb === 'flush' && object === 'ruleset') return { not: 'what becomes of the iptables rules is not modelled' }
  if (verb === 'chain') return changePolicy(state, nft, [object, ...rest])
  const known = /^(ip|ip6|inet|bridge|arp|netdev)$/.test(rest[0] ?? '')
  const [family = 'ip', table = '', chain = '', ...words] = known ? rest : ['ip', ...rest]
  if (!/^(add|insert|delete|flush)$/.test(verb) || !/^(rule|chain|table)$/.test(object))
    return strange(`${verb} ${object}`.trimEnd(), `nft ${verb} ${object} is not modelled`)
  const added = (made: ReturnType<typeof addTable>): Changed =>
    'not' in made ? made : { state: { ...state, nft: { ...nft, ...made } } }
  if (verb === 'add' && object === 'table')
    return chain === '' ? added(addTable(nft, family, table)) : strange(chain, 'flags of a table are not modelled')
  if (!nft.tables.some((one) => one.family === family && one.name === table))
    return { not: `there is no table ${family} ${table}` }
  const saves = [state.iptables4, state.iptables6].filter((save) => save?.backend === 'nf_tables')
  if (family.startsWith('ip') && saves.some((save) => save?.tables.some(({ name }) => name === table)))
    return { not: `table ${family} ${table} is kept by iptables: change it with that` }
  const ofTable = (one: { readonly family: string; readonly table: string }): boolean =>
    one.family === family && one.table === table
  const ofChain = (rule: NftRule): boolean => ofTable(rule) && rule.chain === chain
  const write = (rules: readonly NftRule[], chains = nft.chains, tables = nft.tables): Changed => ({
    state: { ...state, nft: { ...nft, rules, chains, tables } },
  })
  if (object === 'table' && verb === 'flush') return write(nft.rules.filter((rule) => !ofTable(rule)))
  if (object === 'table' && verb === 'delete')
    return write(
      nft.rules.filter((rule) => !ofTable(rule)),
      nft.chains.filter((one) => !ofTable(one)),
      nft.tables.filter((one) => one.family !== family || one.name !== table),
    )
  if (verb === 'add' && object === 'chain') return added(addChain(nft, [family, table, chain], words.join(' ')))
  if (!nft.chains.some((one) => ofTable(one) && one.name === chain))
    return { not: `there is no chain ${chain} in ${family} ${table}` }
  const [own, others] = [nft.rules.filter(ofChain), nft.rules.filter((rule) => !ofChain(rule))]
  const numbered = (rules: readonly NftRule[]): Changed =>
    write([...others, ...rules.map((rule, i) => ({ ...rule, n: i + 1 }))])
  if (object === 'chain' && verb === 'flush') return write(others)
  if (object !== 'rule') return { not: `nft ${verb} ${object} is not modelled` }
  if (verb === 'delete') {
    const handle = words[0] === 'handle' ? Number(words[1]) : Number.NaN
    const left = own.filter((rule) => rule.handle !== handle)
    return left.length === own.length ? { not: 'there is no rule with that handle' } : numbered(left)
  }
  // Beside a rule: `insert` before it, `add` after it; else at the front, or at the end.
  const beside = words[0] === 'handle' || words[0] === 'position' ? Number(words[1]) : undefined
  const at = own.findIndex((rule) => rule.handle === beside)
  if (beside !== undefined && at === -1) return { not: 'there is no rule with that handle' }
  const expr = readExpressions(beside === undefined ? words : words.slice(2), family)
  if ('not' in expr) return expr
  const unknown = expr
    .flatMap((one) => targetOf(one))
    .find((name) => !nft.chains.some((it) => ofTable(it) && it.name === name))
  if (unknown !== undefined) return { not: `there is no chain ${unknown} in ${family} ${table}` }
  const rule: NftRule = {
    family,
    table,
    chain,
    n: 0,
    expr,
    text: (beside === undefined ? words : words.slice(2)).join(' '),
    counted: true,
    opaque: [],
  }
  if (verb !== 'add' && verb !== 'insert') return { not: `nft ${verb} rule is not modelled` }
  const place = beside === undefined ? { insert: 0, add: own.length } : { insert: at, add: at + 1 }
  return numbered(own.toSpliced(place[verb], 0, rule))
}

/** `nft chain FAMILY TABLE CHAIN { policy accept; }` of a base chain that exists. */
function changePolicy(
  state: NamespaceState,
  nft: NftRuleset,
  [family, table, name, ...body]: readonly string[],
): Changed {
  const word = /^\{ *policy +(accept|drop) *;? *\}$/.exec(body.join(' '))?.[1]
  if (word === undefined) return strange(body.join(' '), 'of nft chain only { policy accept; } is modelled')
  const chain = nft.chains.find((one) => one.family === family && one.table === table && one.name === name)
  const base = chain?.base
  if (!base) return { not: `there is no base chain ${name} in ${family} ${table}` }
  const chains = nft.chains.map((one) =>
    one === chain
      ? { ...one, base: { ...base, policy: word === 'accept' ? ('accept' as const) : ('drop' as const) } }
      : one,
  )
  return { state: { ...state, nft: { ...nft, chains } } }
}

const verdicts = new Set(['accept', 'drop', 'return', 'continue'])
const fields: Readonly<Record<string, readonly string[]>> = {
  ip: ['saddr', 'daddr'],
  ip6: ['saddr', 'daddr'],
  tcp: ['sport', 'dport'],
  udp: ['sport', 'dport'],
}

/** The common expressions in the form of libnftables-json(5); a text says which word is not modelled. */
function readExpressions(list: readonly string[], family: string): readonly unknown[] | Refused {
  const words = list.map((word) => word.replace(/^"(.*)"$/, '$1'))
  const found: unknown[] = []
  let three = family
  const match = (left: unknown, right: unknown): void =>
    void found.push({ match: { op: isCt(left) ? 'in' : '==', left, right } })
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    const next = (): string => words[(i += 1)] ?? ''
    if (verdicts.has(word)) found.push({ [word]: null })
    else if (word === 'counter') found.push({ counter: { packets: 0, bytes: 0 } })
    else if (word === 'reject') found.push({ reject: { type: answers[three] ?? 'icmpx', expr: 'port-unreachable' } })
    else if (word === 'jump' || word === 'goto') found.push({ [word]: { target: next() } })
    else if (/^(iifname|oifname|iif|oif)$/.test(word)) match({ meta: { key: word } }, next())
    else if (word === 'ct' && words[i + 1] === 'state') {
      i += 1
      const states = next()
      if (!/^[a-z]+(,[a-z]+)*$/.test(states)) return strange(`ct state ${states}`)
      match({ ct: { key: 'state' } }, states.includes(',') ? states.split(',') : states)
    } else if (fields[word]?.includes(words[i + 1] ?? '')) {
      const left = { payload: { protocol: word, field: next() } }
      const field = words[i] ?? ''
      const value = valueOf(field.endsWith('port') ? portOf(next()) : next())
      if (value === undefined) return strange(words[i] ?? word)
      if (word.startsWith('ip')) three = word
      match(left, value)
    } else return strange(word)
  }
  return found.length > 0 ? found : { not: 'the rule is empty' }
}

/** What `reject` alone answers with: by the family of the table, or of the address the rule asks for. */
const answers: Readonly<Record<string, string>> = { ip: 'icmp', ip6: 'icmpv6' }

const isCt = (left: unknown): boolean => isRecord(left) && 'ct' in left

const targetOf = (expression: unknown): readonly string[] =>
  ['jump', 'goto'].flatMap((kind) => {
    const body = isRecord(expression) ? expression[kind] : undefined
    return isRecord(body) && typeof body['target'] === 'string' ? [body['target']] : []
  })

function valueOf(text: string): unknown {
  if (/^\d+$/.test(text)) return Number(text)
  const range = /^(\d+)-(\d+)$/.exec(text)
  if (range) return { range: [Number(range[1]), Number(range[2])] }
  const network = /^([\da-f.:]+)\/(\d+)$/i.exec(text)
  if (network) return { prefix: { addr: network[1], len: Number(network[2]) } }
  return /^[\da-f.:]+$/i.test(text) ? text : undefined
}
