import * as fc from 'fast-check'
import type { Run } from './agent.ts'
import { pick } from './pick.ts'
import { ruledBy } from './rules.ts'
import { hooksOf, tableNames } from './tables.ts'
import type { TableName } from './tables.ts'
import type { Desired, Mutation, World } from './world.ts'

// Rules that put the packet into a set or take it out, and rules that ask for it on the way.

/** What these sets hold before a packet is sent. */
const kept: Readonly<Record<string, readonly [type: string, members: readonly string[]]>> = {
  seen: ['hash:ip family inet', ['10.99.0.2', '172.26.64.3']],
  seenpair: ['hash:ip,port family inet', ['10.99.0.1,tcp:25001', '172.26.64.2,udp:8080']],
  seendoor: ['bitmap:port range 8000-26000', ['8080']],
}
export const changingSets: readonly string[] = Object.entries(kept).flatMap(([name, [type, members]]) => [
  `create ${name} ${type}`,
  ...members.map((member) => `add ${name} ${member}`),
])
const refilled = Object.entries(kept)
  .flatMap(([name, [, members]]) => [`flush ${name}`, ...members.map((member) => `add ${name} ${member}`)])
  .join('\n')

const addressed = pick('seen src', 'seen dst', 'seen src')
const sets = fc.oneof(
  { weight: 3, arbitrary: addressed },
  { weight: 1, arbitrary: pick('seenpair dst,dst', 'seenpair src,dst') },
  { weight: 1, arbitrary: pick('seendoor dst') },
)
const condition = pick(
  '',
  '',
  '',
  '-p tcp',
  '-p udp',
  '-s 10.99.0.3/32',
  '-d 10.99.0.1/32',
  '-p tcp -m tcp --dport 25001',
)
const glue = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')

const ofIptables = (table: TableName): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc
        .tuple(condition, pick('add', 'add', 'del'), sets, pick('', '', ' --exist'))
        .map(([when, op, set, more]) => glue(when, `-j SET --${op}-set ${set}${op === 'add' ? more : ''}`)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          condition,
          pick('', '', '! '),
          sets,
          table === 'nat' ? pick('ACCEPT', 'RETURN') : pick('DROP', 'DROP', 'ACCEPT'),
        )
        .map(([when, sign, set, end]) => glue(when, `-m set ${sign}--match-set ${set} -j ${end}`)),
    },
  )

const one = pick<TableName>(...tableNames).chain((table) =>
  fc.tuple(fc.constant(table), pick(...hooksOf[table]), ofIptables(table), fc.integer({ min: 0, max: 1000 })),
)

export const changesOfIptables: fc.Arbitrary<readonly Mutation[]> = fc
  .tuple(ruledBy, fc.array(one, { minLength: 2, maxLength: 5 }))
  .map(([ns, list]) =>
    list.map(([table, chain, rule, at]) => ({ kind: 'rule', ns, family: 4, table, chain, at, rule })),
  )

const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const
const ofNft = fc.oneof(
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        pick('', '', 'meta l4proto tcp ', 'ct state new ', 'udp dport 25001 '),
        pick('add', 'add', 'update', 'delete'),
        pick(
          '@seen { ip saddr }',
          '@seen { ip saddr }',
          '@seen { ip daddr }',
          '@pairs { ip daddr . tcp dport }',
          '@doors { udp dport }',
        ),
        pick('', '', '', ' drop', ' accept', ' counter'),
      )
      .filter(([when, , what]) => !(/tcp|udp/.test(when) && /tcp|udp/.test(what)))
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        pick(
          'ip saddr @seen',
          'ip saddr != @seen',
          'ip daddr @seen',
          'ip daddr . tcp dport @pairs',
          'udp dport @doors',
        ),
        pick('drop', 'drop', 'accept', 'return'),
      )
      .map((parts) => parts.join(' ')),
  },
)

export const changesOfNft: fc.Arbitrary<readonly Mutation[]> = fc
  .record({
    ns: ruledBy,
    family: pick('ip', 'inet'),
    n: fc.nat(9999),
    rules: fc.array(fc.tuple(pick(...hooks), pick(-310, -160, -10, 10), ofNft), { minLength: 2, maxLength: 6 }),
  })
  .map(({ ns, family, n, rules }) => {
    const chains = Map.groupBy(rules, ([hook, priority]) => `${hook} priority ${priority}`)
    const text = [
      `table ${family} c${n} {`,
      ...emptied.map(
        ([name, type, members]) =>
          `  set ${name} { type ${type}; flags dynamic; size 100; elements = { ${members} }; }`,
      ),
      ...[...chains].flatMap(([at, list], i) => [
        `  chain c${i} {`,
        `    type filter hook ${at}; policy accept;`,
        ...list.map(([, , rule]) => `    ${rule}`),
        '  }',
      ]),
      '}',
    ].join('\n')
    return [{ kind: 'nft', ns, text }]
  })

const emptied = [
  ['seen', 'ipv4_addr', '10.99.0.2, 172.26.64.3'],
  ['pairs', 'ipv4_addr . inet_service', '10.99.0.1 . 25001, 172.26.64.2 . 8080'],
  ['doors', 'inet_service', '8080'],
] as const

/** Packets of such a world are sent one by one: each would find what the one before left. */
export const changesSets = ({ mutations }: World): boolean =>
  mutations.some((one) => ('rule' in one && one.rule.includes('-j SET ')) || (one.kind === 'nft' && dynamic(one.text)))

const dynamic = (text: string): boolean => text.includes('flags dynamic')

/** Fills the sets of a namespace as they were. */
export function refill({ tables, others, nft }: Desired): readonly Run[] {
  const rules = [tables[4], others[4]].flatMap((table) => Object.values(table ?? {}).flat())
  const found: Run[] = []
  if (rules.some((chain) => chain.rules.some((rule) => rule.includes('-j SET '))))
    found.push({ argv: ['ipset', 'restore'], stdin: `${refilled}\n` })
  const lines = nft.split(/^(?=table )/m).flatMap((text) => {
    const [, table = ''] = /^table (\S+ \S+)/.exec(text) ?? []
    return [...text.matchAll(/set (\S+) \{[^}]*flags dynamic[^}]*elements = (\{[^}]*\})/g)].flatMap(
      ([, name = '', members = '']) => [`flush set ${table} ${name}`, `add element ${table} ${name} ${members}`],
    )
  })
  if (lines.length > 0) found.push({ argv: ['nft', '-f', '-'], stdin: `${lines.join('\n')}\n` })
  return found
}
