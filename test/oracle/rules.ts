import * as fc from 'fast-check'
import { hasIpset } from './site.ts'
import type { Name } from './site.ts'
import { hooksOf } from './tables.ts'
import type { TableName } from './tables.ts'
import type { Mutation } from './world.ts'

// Rules as iptables takes them, for every hook of every table.

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const not = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(pick('', '', '! '), arbitrary).map(([sign, text]) => sign + text)

const nets = {
  4: '10.99.0.0/24 10.99.0.1 10.99.0.2 10.99.0.3 10.98.0.0/24 10.98.0.3 172.26.64.0/20 172.26.64.1 172.26.64.2 172.26.64.3 172.17.0.0/16 192.0.2.0/24 127.0.0.0/8 127.0.0.1 0.0.0.0/0 172.26.64.2/31'.split(
    ' ',
  ),
  6: 'fd99::/64 fd99::1 fd99::3 fd98::3 fd00:a110::/64 fd00:a110::1 fd00:a110::2 fd00:a110::3 ::/0 ::1 fd00:a110::2/127'.split(
    ' ',
  ),
}
const devs = ['eth0', 'eth1', 'nomad', 'docker0', 'lo', 'veth+', 'eth+', 'vetha1', 'nomad+']
const ports = ['8080', '25001', '25002', '8081', '9000', '8082', '25000:25010', '1:1024', '8000:', ':25001', '25003']

const states = pick(
  'NEW',
  'ESTABLISHED',
  'RELATED,ESTABLISHED',
  'INVALID',
  'UNTRACKED',
  'NEW,UNTRACKED',
  'DNAT',
  'SNAT',
  'NEW,DNAT',
  'INVALID,RELATED',
)

function transport(): fc.Arbitrary<string> {
  const port = (name: string): fc.Arbitrary<string> =>
    fc
      .tuple(pick('tcp', 'udp'), pick('', '', '! '), pick(...ports))
      .map(([proto, sign, value]) => `-p ${proto} -m ${proto} ${sign}--${name} ${value}`)
  return fc.oneof(
    { weight: 3, arbitrary: pick('-p tcp', '-p udp', '! -p tcp', '! -p udp', '-p icmp') },
    { weight: 6, arbitrary: port('dport') },
    { weight: 1, arbitrary: port('sport') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          pick('tcp', 'udp'),
          pick('dports', 'ports', 'sports'),
          pick('8080,25001', '25001:25010', '8080', '8081,8082,9000', '32000:45000'),
          pick('', '! '),
        )
        .map(([proto, side, list, sign]) => `-p ${proto} -m multiport ${sign}--${side} ${list}`),
    },
    {
      weight: 2,
      arbitrary: pick(
        '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
        '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN',
        '-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK',
        '-p tcp -m tcp --tcp-flags RST RST',
      ),
    },
  )
}

const rare = (arbitrary: fc.Arbitrary<string>, of: number): fc.Arbitrary<string> =>
  fc.oneof({ weight: of, arbitrary: fc.constant('') }, { weight: 1, arbitrary })

function matches(family: 4 | 6, hook: string, table: TableName): fc.Arbitrary<string> {
  const address = (flag: string): fc.Arbitrary<string> =>
    not(pick(...nets[family]).map((net) => `${flag} ${net}`)).map((text) =>
      /^! .*\/0$/.test(text) ? text.slice(2) : text,
    )
  const input = ['PREROUTING', 'INPUT', 'FORWARD'].includes(hook)
  const output = ['OUTPUT', 'FORWARD', 'POSTROUTING'].includes(hook)
  const addrtype = fc
    .tuple(
      pick('dst', 'src'),
      pick('LOCAL', 'UNICAST', 'LOCAL', ...(family === 4 ? ['BROADCAST'] : [])),
      pick('', '! '),
    )
    .map(([side, type, sign]) => `-m addrtype ${sign}--${side}-type ${type}`)
  const mark = pick(
    '-m mark --mark 0x1',
    '-m mark --mark 0x2000/0x2000',
    '-m mark ! --mark 0x0',
    '-m mark ! --mark 0x2000/0x2000',
    '-m connmark --mark 0x1',
    '-m connmark --mark 0x0',
  )
  const conntrack = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(pick('', '', '! '), states).map(([sign, text]) => `-m conntrack ${sign}--ctstate ${text}`),
    },
    { weight: 1, arbitrary: pick('-m state --state NEW', '-m state --state RELATED,ESTABLISHED') },
    {
      weight: 2,
      arbitrary: pick(
        '-m conntrack --ctorigdstport 25001',
        '-m conntrack --ctdir ORIGINAL',
        '-m conntrack --ctdir REPLY',
        '-m conntrack --ctstatus CONFIRMED',
        '-m conntrack --ctstatus SEEN_REPLY',
        '-m conntrack --ctproto 6',
        `-m conntrack --ctorigdst ${family === 4 ? '10.99.0.1' : 'fd99::1'}`,
        `-m conntrack --ctreplsrc ${family === 4 ? '172.26.64.2' : 'fd00:a110::2'}`,
      ),
    },
  )
  const other = fc.oneof(
    { weight: 2, arbitrary: pick('-m comment --comment plain', '-m comment --comment "with -j DROP inside"') },
    {
      weight: 2,
      arbitrary: pick(
        family === 4
          ? '-m iprange --dst-range 172.26.64.2-172.26.64.3'
          : '-m iprange --dst-range fd00:a110::2-fd00:a110::3',
        family === 4 ? '-m iprange ! --src-range 10.99.0.1-10.99.0.3' : '-m iprange --src-range fd99::1-fd99::3',
      ),
    },
    ...(hasIpset
      ? [
          {
            weight: 4,
            arbitrary: fc
              .tuple(pick('', '! '), pick(...(family === 4 ? setMatches : setMatches6)))
              .map(([sign, text]) => `-m set ${sign}--match-set ${text}`),
          },
        ]
      : []),
    { weight: 1, arbitrary: pick('-m pkttype --pkt-type unicast', '-m pkttype ! --pkt-type unicast') },
    {
      weight: 1,
      arbitrary: pick('-m limit --limit 1000/sec --limit-burst 1000', '-m statistic --mode random --probability 0.5'),
    },
    ...(['OUTPUT', 'POSTROUTING'].includes(hook)
      ? [
          {
            weight: 3,
            arbitrary: pick(
              '-m owner --uid-owner 0',
              '-m owner --uid-owner 1000',
              '-m owner ! --uid-owner 1000',
              '-m owner --gid-owner 0',
              '-m owner --uid-owner 1000-2000',
            ),
          },
        ]
      : []),
    ...(['FORWARD', 'POSTROUTING', 'PREROUTING'].includes(hook)
      ? [
          {
            weight: 2,
            arbitrary: pick(
              '-m physdev --physdev-in vetha1',
              '-m physdev ! --physdev-in vetha1',
              ...(hook === 'PREROUTING'
                ? []
                : ['-m physdev --physdev-is-bridged', '-m physdev ! --physdev-is-bridged']),
            ),
          },
        ]
      : []),
  )
  return fc
    .tuple(
      rare(address('-s'), 5),
      rare(address('-d'), 5),
      input ? rare(not(pick(...devs).map((dev) => `-i ${dev}`)), 5) : fc.constant(''),
      output ? rare(not(pick(...devs).map((dev) => `-o ${dev}`)), 5) : fc.constant(''),
      rare(transport(), 2),
      rare(addrtype, 8),
      rare(mark, 8),
      table === 'raw' ? fc.constant('') : rare(conntrack, 4),
      rare(other, 8),
    )
    .map((parts) => parts.filter((part) => part !== '').join(' '))
}

const setMatches = [
  'friends src',
  'friends dst',
  'nets src',
  'nets dst',
  'doors dst',
  'doors src',
  'pairs dst,dst',
  'pairs src,dst',
  'both src',
  'both dst',
]
const setMatches6 = ['friends6 src', 'friends6 dst', 'doors dst']

function rejects(family: 4 | 6): fc.Arbitrary<string> {
  const types =
    family === 4
      ? [
          'icmp-port-unreachable',
          'icmp-host-prohibited',
          'icmp-admin-prohibited',
          'icmp-net-unreachable',
          'icmp-host-unreachable',
          'icmp-proto-unreachable',
          'icmp-net-prohibited',
        ]
      : ['icmp6-port-unreachable', 'icmp6-adm-prohibited', 'icmp6-no-route', 'icmp6-addr-unreachable']
  return pick(...types.map((type) => `-j REJECT --reject-with ${type}`), '-j REJECT')
}

const destinations = {
  4: [
    '172.26.64.2:8080',
    '172.26.64.3:8080',
    '172.26.64.3',
    ':8080',
    '10.99.0.3:8080',
    '127.0.0.1:8082',
    '172.17.0.2:8080',
    '10.99.0.2:25001',
    '172.26.64.99:8080',
    '10.99.0.1:8080',
    '172.26.64.2-172.26.64.3',
    '172.26.64.2:8080-8081',
  ],
  6: ['[fd00:a110::2]:8080', '[fd00:a110::3]:8080', ':8080', '[fd99::3]:8080', '[::1]:9001', 'fd99::1'],
}
const sources = {
  4: ['10.99.0.1', '10.98.0.1', '172.26.64.1', '10.99.0.77', '192.0.2.77'],
  6: ['fd99::1', 'fd98::1', 'fd00:a110::1'],
}

function target(family: 4 | 6, hook: string, table: TableName): fc.Arbitrary<string> {
  const passing = pick('-j ACCEPT', '-j ACCEPT', '-j RETURN', '-j DROP', '-j LOG', '-j NFLOG --nflog-group 5')
  const marking = pick(
    '-j MARK --set-xmark 0x1/0x1',
    '-j MARK --set-xmark 0x1/0xffffffff',
    '-j MARK --set-xmark 0x2000/0x2000',
    '-j MARK --set-xmark 0x0/0x2000',
    '-j MARK --set-xmark 0x1/0x0',
    '-j CONNMARK --set-xmark 0x1/0xffffffff',
    '-j CONNMARK --save-mark',
    '-j CONNMARK --restore-mark',
  )
  switch (table) {
    case 'raw':
      return fc.oneof(pick('-j CT --notrack', '-j CT --notrack', '-j NOTRACK'), passing)
    case 'mangle':
      return fc.oneof({ weight: 3, arbitrary: marking }, { weight: 2, arbitrary: passing })
    case 'filter':
      return fc.oneof(
        { weight: 4, arbitrary: passing },
        { weight: 2, arbitrary: rejects(family) },
        { weight: 1, arbitrary: marking },
      )
    case 'nat': {
      // nat takes no DROP.
      const plain = fc.oneof(pick('-j ACCEPT', '-j RETURN', '-j LOG'), marking)
      const to = pick(...destinations[family]).map((one) => `-j DNAT --to-destination ${one}`)
      const redirect = pick('-j REDIRECT --to-ports 8080', '-j REDIRECT', '-j REDIRECT --to-ports 8082')
      const from = pick(...sources[family]).map((one) => `-j SNAT --to-source ${one}`)
      if (hook === 'PREROUTING' || hook === 'OUTPUT')
        return fc.oneof(
          { weight: 4, arbitrary: to },
          { weight: 1, arbitrary: redirect },
          { weight: 2, arbitrary: plain },
        )
      if (hook === 'POSTROUTING')
        return fc.oneof(
          { weight: 3, arbitrary: from },
          {
            weight: 3,
            arbitrary: pick(
              '-j MASQUERADE',
              '-j MASQUERADE',
              '-j MASQUERADE --to-ports 1024-65535',
              ...(family === 4 ? ['-j NETMAP --to 10.99.0.0/24'] : []),
            ),
          },
          { weight: 2, arbitrary: plain },
        )
      return fc.oneof({ weight: 1, arbitrary: from }, { weight: 2, arbitrary: plain })
    }
  }
}

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
