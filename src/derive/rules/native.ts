import type { NftRuleset } from '../../knowledge/shapes/packet.ts'
import type { Stop } from '../../knowledge/shapes/crossing.ts'
import { contains } from '../../packet/ipaddr.ts'
import { baseChains, rulesOf, type NftChain, type NftRule } from '../../packet/nft.ts'
import type { Packet } from '../../packet/rules-match.ts'

/** Tables that iptables-nft keeps: iptables-save shows them, and their rules cannot be read here. */
const managed = new Set(['filter', 'nat', 'mangle', 'raw', 'security'])
export const isManaged = ({ family, table }: { family: string; table: string }): boolean =>
  (family === 'ip' || family === 'ip6') && managed.has(table)

type Json = Readonly<Record<string, unknown>>
type Ended = 'accept' | Stop | { readonly unknown: string } | undefined

/** Base chains of native tables at one hook: the first that stops the packet; null when all let it through. */
export function passNative(
  ruleset: NftRuleset,
  hook: string,
  packet: Packet,
): Stop | null | { readonly unknown: string } {
  for (const chain of baseChains(ruleset, 4, hook)) {
    if (isManaged(chain) || chain.base.type === 'nat') continue
    const ended = through(ruleset, chain, packet, 0)
    if (typeof ended === 'object') return ended
    if (ended === undefined && chain.base.policy === 'drop') return stopIn(chain, null, 'drop')
  }
  return null
}

/** Whether a native table may translate this packet at the hook; what it would make of it is not simulated. */
export const translatesNatively = (ruleset: NftRuleset, hook: string, packet: Packet): boolean =>
  baseChains(ruleset, 4, hook).some((chain) => {
    if (chain.base.type !== 'nat' || isManaged(chain)) return false
    const ended = through(ruleset, chain, packet, 0)
    return typeof ended === 'object' && 'unknown' in ended
  })

const stopIn = ({ family, table, name }: NftChain, rule: string | null, verdict: Stop['verdict']): Stop => ({
  by: 'nftables',
  table: `${family} ${table}`,
  chain: name,
  rule,
  verdict,
  via: [name],
  at: null,
})

function through(ruleset: NftRuleset, chain: NftChain, packet: Packet, depth: number): Ended {
  if (depth > 16) return { unknown: `chain ${chain.name} leads in a circle` }
  for (const rule of rulesOf(ruleset, chain)) {
    const [matches, action] = split(rule)
    const answers = matches.map((one) => decide(one, packet))
    if (answers.includes(false) || action === undefined) continue
    if (answers.includes(undefined)) return { unknown: `nft ${chain.table} ${chain.name}: ${rule.text}` }
    const [kind, body] = action
    if (kind === 'return') return undefined
    if (kind === 'accept') return 'accept'
    if (kind === 'drop' || kind === 'reject') return stopIn(chain, rule.text, kind)
    const next = ruleset.chains.find(
      (one) => one.family === chain.family && one.table === chain.table && one.name === targetOf(body),
    )
    if ((kind !== 'jump' && kind !== 'goto') || !next)
      return { unknown: `nft ${chain.table} ${chain.name}: ${rule.text}` }
    const ended = through(ruleset, next, packet, depth + 1)
    if (ended !== undefined || kind === 'goto') return ended
  }
  return undefined
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const targetOf = (body: unknown): unknown => (isJson(body) ? body['target'] : undefined)

/** Statements that decide nothing about the packet. */
const deciding = new Set('accept drop reject return jump goto vmap queue dnat snat masquerade redirect'.split(' '))
const passive = new Set(['counter', 'log', 'comment', 'notrack', 'mangle'])

/** The conditions of a rule and its verdict; a statement that is not known counts as a condition that cannot be decided. */
function split({ expr }: NftRule): readonly [matches: readonly Json[], action: readonly [string, unknown] | undefined] {
  const matches: Json[] = []
  let action: readonly [string, unknown] | undefined
  for (const one of expr.filter(isJson)) {
    const [kind = '', body] = Object.entries(one)[0] ?? []
    if (deciding.has(kind)) action = [kind, body]
    else if (!passive.has(kind)) matches.push(one)
  }
  return [matches, action]
}

function decide(expression: Json, packet: Packet): boolean | undefined {
  const { match } = expression
  if (!isJson(match)) return undefined
  const [value, kind] = valueOf(match['left'], packet)
  if (value === undefined) return undefined
  const inside = among(match['right'], value, kind)
  return inside === undefined ? undefined : match['op'] === '!=' ? !inside : inside
}

type Kind = 'name' | 'address' | 'number' | 'word'

function valueOf(left: unknown, packet: Packet): readonly [string | number | undefined, Kind] {
  if (!isJson(left)) return [undefined, 'word']
  const { meta, ct, payload, fib } = left
  if (isJson(fib) && fib['result'] === 'type' && JSON.stringify(fib['flags']).includes('daddr'))
    return [packet.dstLocal === undefined ? undefined : packet.dstLocal ? 'local' : 'elsewhere', 'word']
  if (isJson(meta)) {
    if (meta['key'] === 'iifname' || meta['key'] === 'iif') return [packet.iif, 'name']
    if (meta['key'] === 'oifname' || meta['key'] === 'oif') return [packet.oif, 'name']
    if (meta['key'] === 'l4proto') return [packet.proto, 'word']
    if (meta['key'] === 'nfproto') return ['ipv4', 'word']
    return [meta['key'] === 'mark' ? packet.mark : undefined, 'number']
  }
  if (isJson(ct) && ct['key'] === 'state') return [packet.ctstate?.toLowerCase(), 'word']
  if (isJson(ct) && ct['key'] === 'status')
    return [packet.dnat === undefined ? undefined : packet.dnat ? 'dnat' : 'none', 'word']
  if (!isJson(payload)) return [undefined, 'word']
  const { protocol, field } = payload
  if (protocol === 'ip' && (field === 'saddr' || field === 'daddr'))
    return [field === 'saddr' ? packet.src : packet.dst, 'address']
  if (protocol === 'ip' && field === 'protocol') return [packet.proto, 'word']
  if (protocol === 'ip6') return ['an IPv4 packet', 'word']
  if (protocol !== packet.proto && protocol !== 'th') return ['another protocol', 'word']
  return [field === 'dport' ? packet.dport : field === 'sport' ? packet.sport : undefined, 'number']
}

/** Whether a value is one of what stands on the right: a value, a list, a set, a prefix or a range. */
function among(right: unknown, value: string | number, kind: Kind): boolean | undefined {
  if (Array.isArray(right)) return any((right as unknown[]).map((one) => among(one, value, kind)))
  if (isJson(right)) {
    const { set, prefix, range } = right
    if (set !== undefined) return among(set, value, kind)
    if (isJson(prefix) && typeof prefix['addr'] === 'string')
      return kind === 'address' ? contains(`${prefix['addr']}/${String(prefix['len'])}`, String(value)) : undefined
    const [from, to] = Array.isArray(range) ? (range as unknown[]) : []
    return typeof value === 'number' && typeof from === 'number' && typeof to === 'number'
      ? from <= value && value <= to
      : undefined
  }
  if (typeof right !== 'string')
    return typeof right === 'number' && typeof value === 'number' ? right === value : undefined
  if (right.startsWith('@')) return undefined
  if (kind === 'name' && right.endsWith('*')) return String(value).startsWith(right.slice(0, -1))
  if (kind === 'address') return contains(right, String(value))
  return right === String(value)
}

const any = (answers: readonly (boolean | undefined)[]): boolean | undefined =>
  answers.includes(true) ? true : answers.includes(undefined) ? undefined : false
