import { familyOf, parseNetwork, type Family } from '../ipaddr.ts'
import type { Range, RouteRule } from '../ip-route.ts'
import { mark32, present } from '../parsed.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { strange, type Refused } from './refused.ts'
import { textOfNetwork } from './network-text.ts'

const alias: Readonly<Record<string, string>> = {
  priority: 'pref',
  prio: 'pref',
  preference: 'pref',
  order: 'pref',
  table: 'lookup',
  suppress_prefixlength: 'suppress_prefixlength',
  sup_pl: 'suppress_prefixlength',
  dev: 'iif',
}
const valued = new Set(
  'from to iif oif fwmark ipproto sport dport uidrange pref lookup goto suppress_prefixlength'.split(' '),
)
const forbidding = /^(prohibit|unreachable|blackhole)$/

/** `ip rule add|del [not] [from NET] [to NET] [iif|oif DEV] [fwmark N[/M]] [pref N] lookup TABLE|prohibit|…` */
export function changeRule(
  state: NamespaceState,
  verb: string,
  words: readonly string[],
  asked: Family | undefined,
): Changed {
  const found = read(words)
  if ('not' in found) return found
  const families = ['from', 'to'].flatMap((key) => familyOf((found.get(key) ?? '').split('/')[0] ?? '') ?? [])
  const family = asked ?? families[0] ?? 4
  if (family !== (asked ?? 4) || families.some((one) => one !== family)) return { not: 'a rule of IPv6 needs -6' }
  const key = family === 4 ? 'rules4' : 'rules6'
  const rules = state[key]
  if (!rules) return { not: 'the policy rules were not read' }
  const rule = make(found)
  if (typeof rule === 'string') return { not: rule }
  if (verb !== 'add') {
    const gone = rules.find((one) => fits(one, rule, found))
    return gone ? { state: { ...state, [key]: rules.filter((one) => one !== gone) } } : { not: 'there is no such rule' }
  }
  // The kernel takes the place before the second rule (net/core/fib_rules.c, fib_default_rule_pref).
  const second = rules[1]?.priority ?? 0
  const next: RouteRule = found.has('pref') ? rule : { ...rule, priority: second > 0 ? second - 1 : 0 }
  if (rules.some((one) => text(one) === text(next))) return { not: 'there is such a rule already' }
  const at = rules.findIndex(({ priority }) => priority > next.priority)
  return { state: { ...state, [key]: at === -1 ? [...rules, next] : rules.toSpliced(at, 0, next) } }
}

function read(words: readonly string[]): ReadonlyMap<string, string> | Refused {
  const found = new Map<string, string>()
  for (let i = 0; i < words.length; i += 1) {
    const word = alias[words[i] ?? ''] ?? words[i] ?? ''
    if (word === 'not') found.set('not', '')
    else if (forbidding.test(word)) found.set('action', word)
    else if (valued.has(word) && words[i + 1] !== undefined) found.set(word, words[(i += 1)] ?? '')
    else return strange(word, `ip rule … ${word} is not modelled`)
  }
  return found
}

function make(found: ReadonlyMap<string, string>): RouteRule | string {
  const [src, dst] = [networkOf(found.get('from')), networkOf(found.get('to'))]
  const [value, mask] = (found.get('fwmark') ?? '').split('/').map((part) => mark32(part))
  const numbers = ['pref', 'goto', 'suppress_prefixlength'].map((key) => Number(found.get(key) ?? '0'))
  const ranges = ['uidrange', 'sport', 'dport'].map((key) => rangeOf(found.get(key)))
  if (src === undefined || dst === undefined || (found.has('fwmark') && value === undefined))
    return 'a selector of the rule is not modelled'
  if (numbers.some((one) => !Number.isInteger(one)) || ranges.includes(null))
    return 'a number of the rule is not modelled'
  const action = found.get('action') ?? (found.has('goto') ? 'goto' : 'lookup')
  const [uids, sports, dports] = ranges
  return present<RouteRule>({
    priority: numbers[0] ?? 0,
    not: found.has('not'),
    src,
    dst,
    iif: found.get('iif'),
    oif: found.get('oif'),
    fwmark: value === undefined ? undefined : { value, mask: mask ?? 0xffffffff },
    proto: found.get('ipproto'),
    uids: uids ?? undefined,
    sports: sports ?? undefined,
    dports: dports ?? undefined,
    action,
    table: action === 'lookup' ? nameOf(found.get('lookup') ?? 'main') : undefined,
    goto: found.has('goto') ? numbers[1] : undefined,
    suppressPrefix: found.has('suppress_prefixlength') ? numbers[2] : undefined,
    other: [],
  })
}

const nameOf = (table: string): string => ({ 254: 'main', 255: 'local', 253: 'default' })[table] ?? table

function networkOf(value: string | undefined): string | undefined {
  if (value === undefined || value === 'all' || value === 'any' || value === 'default') return 'all'
  const network = parseNetwork(value)
  return network && textOfNetwork(network)
}

/** null: it is no range. */
function rangeOf(value: string | undefined): Range | null | undefined {
  if (value === undefined) return undefined
  const [from, to = from] = value.split('-').map(Number)
  return from === undefined || to === undefined || Number.isNaN(from + to) ? null : { from, to }
}

const text = (rule: RouteRule): string => JSON.stringify(rule, Object.keys(rule).toSorted())

/** `ip rule del` takes the first rule that has everything that was named. */
function fits(one: RouteRule, wanted: RouteRule, found: ReadonlyMap<string, string>): boolean {
  const named = { ...wanted } as Record<string, unknown>
  const drop = [
    ...(found.has('pref') ? [] : ['priority']),
    ...(found.has('lookup') ? [] : ['table']),
    ...(found.has('from') ? [] : ['src']),
    ...(found.has('to') ? [] : ['dst']),
    ...(found.has('action') || found.has('goto') || found.has('lookup') ? [] : ['action']),
    'other',
  ]
  for (const key of drop) delete named[key]
  return Object.entries(named).every(
    ([key, value]) => JSON.stringify(one[key as keyof RouteRule]) === JSON.stringify(value),
  )
}
