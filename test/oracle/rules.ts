import * as fc from 'fast-check'
import { pick } from './pick.ts'
import { matches } from './rule-matches.ts'
import { target } from './rule-targets.ts'
import type { Name } from './site.ts'
import { hooksOf } from './tables.ts'
import type { TableName } from './tables.ts'
import type { Mutation } from './world.ts'

// Rules as iptables takes them, for every hook of every table.

const made: Readonly<Record<string, readonly string[]>> = {
  'filter FORWARD': ['CNI-FORWARD', 'NOMAD-ADMIN'],
  'nat PREROUTING': ['CNI-HOSTPORT-DNAT'],
  'nat POSTROUTING': ['CNI-HOSTPORT-MASQ'],
}

const where: fc.Arbitrary<readonly [TableName, string]> = fc
  .oneof(
    { weight: 8, arbitrary: fc.constant<TableName>('filter') },
    { weight: 6, arbitrary: fc.constant<TableName>('nat') },
    { weight: 3, arbitrary: fc.constant<TableName>('mangle') },
    { weight: 2, arbitrary: fc.constant<TableName>('raw') },
  )
  .chain((table) => pick(...hooksOf[table]).map((hook) => [table, hook] as const))

export const ruledBy: fc.Arbitrary<Name> = pick<Name>(
  'host',
  'host',
  'host',
  'host',
  'host',
  'peer',
  'client',
  'a1',
  'a2',
)
const at = fc.integer({ min: 0, max: 1000 })

const glue = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')
const fits = (family: 4 | 6, text: string): string => (family === 6 ? text.replace('-p icmp', '-p ipv6-icmp') : text)

const rule = (family: 4 | 6, hook: string, table: TableName): fc.Arbitrary<string> =>
  fc.tuple(matches(family, hook, table), target(family, hook, table)).map(([match, action]) => {
    const proto = /(^|! )?-p (\S+)/.exec(match)
    const ported = /--to-ports|--to-destination (\S*]|[^\s:]*):\d+(-\d+)?$/.test(action)
    // A port needs its protocol, and only TCP is reset.
    if (ported && !proto) return glue(match, '-p tcp', action)
    if (ported && (proto?.[1] === '! ' || proto?.[2] === 'icmp')) return fits(family, glue(match, '-j RETURN'))
    if (action === '-j REJECT' && proto?.[2] === 'tcp' && proto[1] !== '! ')
      return glue(match, '-j REJECT --reject-with tcp-reset')
    return fits(family, glue(match, action))
  })

/** One rule more in a chain that is there. */
const addition = (family: 4 | 6, other: boolean): fc.Arbitrary<readonly Mutation[]> =>
  fc.tuple(ruledBy, where, at, fc.nat(9)).chain(([ns, [table, hook], position, n]) =>
    rule(family, hook, table).map((text) => {
      const chains = [hook, ...(['host', 'peer'].includes(ns) && !other ? (made[`${table} ${hook}`] ?? []) : [])]
      const chain = chains[n % chains.length] ?? hook
      return [
        { kind: 'rule' as const, ns, family, table, chain, at: position, rule: text, ...(other ? { other } : {}) },
      ]
    }),
  )

/** A user chain with rules of its own, entered by a jump or goto, perhaps through another one. */
const chain = (family: 4 | 6, other: boolean): fc.Arbitrary<readonly Mutation[]> =>
  fc.tuple(ruledBy, where, at, fc.nat(99)).chain(([ns, [table, hook], position, n]) =>
    fc
      .record({
        inner: fc.array(rule(family, hook, table), { minLength: 1, maxLength: 3 }),
        outer: fc.array(rule(family, hook, table), { minLength: 0, maxLength: 2 }),
        enter: matches(family, hook, table),
        through: matches(family, hook, table),
        how: pick('-j', '-j', '-g'),
        deeper: pick('-j', '-g'),
        nested: fc.boolean(),
      })
      .map(({ inner, outer, enter, through, how, deeper, nested }) => {
        const common = { ns, family, table, ...(other ? { other } : {}) }
        const [first, second] = [`U${n}-${hook}`, `V${n}-${hook}`]
        const found: Mutation[] = []
        if (nested) found.push({ ...common, kind: 'chain', chain: second, rules: inner })
        found.push({
          ...common,
          kind: 'chain',
          chain: first,
          rules: nested ? [...outer, fits(family, glue(through, deeper, second)), ...outer.slice(0, 1)] : inner,
        })
        found.push({ ...common, kind: 'rule', chain: hook, at: position, rule: fits(family, glue(enter, how, first)) })
        return found
      }),
  )

const policy = (family: 4 | 6, other: boolean): fc.Arbitrary<readonly Mutation[]> =>
  fc
    .record({
      ns: ruledBy,
      chain: pick(
        ['filter', 'FORWARD'],
        ['filter', 'FORWARD'],
        ['filter', 'FORWARD'],
        ['filter', 'INPUT'],
        ['filter', 'OUTPUT'],
        ['mangle', 'FORWARD'],
        ['raw', 'PREROUTING'],
      ),
    })
    .map(({ ns, chain: [table, name] }) => [
      {
        kind: 'policy',
        ns,
        family,
        table: table as TableName,
        chain: name!,
        policy: 'DROP',
        ...(other ? { other } : {}),
      },
    ])

const without = (family: 4 | 6): fc.Arbitrary<readonly Mutation[]> =>
  fc
    .record({ ns: pick<Name>('host', 'host', 'host', 'peer'), table: pick<TableName>('nat', 'nat', 'filter'), at })
    .map((one) => [{ kind: 'without', family, ...one }])

export function ruleMutations(share6: number, other: boolean): fc.Arbitrary<readonly Mutation[]> {
  const family = fc.oneof(
    { weight: 10, arbitrary: fc.constant(4 as const) },
    { weight: share6, arbitrary: fc.constant(6 as const) },
  )
  return family.chain((family) =>
    fc.oneof(
      { weight: 6, arbitrary: addition(family, other) },
      { weight: 3, arbitrary: chain(family, other) },
      { weight: 2, arbitrary: policy(family, other) },
      ...(other ? [] : [{ weight: 3, arbitrary: without(family) }]),
    ),
  )
}
