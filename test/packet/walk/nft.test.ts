import { expect, test } from 'vitest'
import { match, meta, field, chain, base, rule, table, set, forward, drop } from './nft-json.ts'
import { said, sent, site, ways } from './site.ts'

const client = { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] }
const to = 'tcp 172.20.0.2:8080'
const passes = 'answered a1 10.0.0.9>172.20.0.2:8080'

test.each<[expr: readonly object[], then: string]>([
  [[drop], 'silent host forward'],
  // Its family is asked for without being printed.
  [[{ reject: { type: 'icmpv6', expr: 'port-unreachable' } }], passes],
  [[match(meta('iifname'), 'eth0'), drop], 'silent host forward'],
  [
    [match(meta('iifname'), 'eth*'), { reject: { type: 'icmpx', expr: 'admin-prohibited' } }],
    'unreachable host forward icmp-admin-prohibited',
  ],
  [[match(meta('oifname'), { set: ['br0', 'br1'] }), { reject: null }], 'refused host forward icmp-port-unreachable'],
  [
    [match(field('ip', 'saddr'), { prefix: { addr: '10.0.0.0', len: 24 } }), { reject: { type: 'tcp reset' } }],
    'refused host forward tcp-reset',
  ],
  [[match(field('ip6', 'saddr'), 'fd00::9', '!='), drop], passes],
  [[match(field('tcp', 'dport'), { range: [8000, 8100] }), drop], 'silent host forward'],
  [[match(field('udp', 'dport'), 8080), drop], passes],
  [[match(field('th', 'dport'), { set: [80, { range: [8080, 8090] }] }), drop], 'silent host forward'],
  [[match({ ct: { key: 'state' } }, 'established', 'in'), drop], 'silent a1 10.0.0.9>172.20.0.2:8080'],
  [[match({ ct: { key: 'state' } }, ['new', 'untracked'], 'in'), drop], 'silent host forward'],
  [[match({ ct: { key: 'status' } }, 'dnat', 'in'), drop], passes],
  [[match(meta('l4proto'), 'tcp'), { counter: { packets: 0, bytes: 0 } }, { log: null }, drop], 'silent host forward'],
  [[match({ '&': [field('tcp', 'flags'), ['fin', 'syn', 'rst', 'ack']] }, 'syn'), drop], 'silent host forward'],
  [[match(field('ip', 'daddr'), '@friends'), drop], 'silent host forward'],
  [[match(field('ip', 'daddr'), '@nobody'), drop], passes],
  [[match(field('ip', 'daddr'), '@absent'), drop], 'unknown host forward: there is no set @absent'],
  [
    [
      match({ concat: [field('ip', 'daddr'), field('tcp', 'dport')] }, { set: [{ concat: ['172.20.0.2', 8080] }] }),
      drop,
    ],
    'silent host forward',
  ],
  [
    [
      {
        vmap: {
          key: field('tcp', 'dport'),
          data: {
            set: [
              [80, { accept: null }],
              [8080, drop],
            ],
          },
        },
      },
    ],
    'silent host forward',
  ],
  [
    [{ vmap: { key: meta('iifname'), data: { set: [['eth0', { jump: { target: 'extra' } }]] } } }],
    'silent host forward',
  ],
  [[match({ fib: { result: 'type', flags: ['daddr'] } }, 'local'), drop], passes],
  [[match({ fib: { result: 'oif', flags: ['saddr', 'iif'] } }, false), drop], passes],
  [[{ notrack: null }, drop], 'silent host forward'],
  [
    [{ xt: { type: 'match', name: 'recent' } }, drop],
    'unknown host forward: match recent of iptables is not readable here',
  ],
  [[match(field('udp', 'dport'), 8080), { xt: { type: 'match', name: 'recent' } }, drop], passes],
  [[match({ osf: { key: 'name' } }, 'Linux'), drop], 'unknown host forward: a match is not modelled'],
  [[{ queue: { num: 1 } }], 'unknown host forward: queue is not modelled'],
])('%j: %s', (expr, then) => {
  const nft = [
    ...forward(expr),
    chain('extra'),
    rule('extra', [drop]),
    set('friends', [{ prefix: { addr: '172.20.0.0', len: 24 } }, { elem: { val: '10.1.1.1', timeout: 5 } }]),
    set('nobody', []),
  ]
  expect(said(sent(site({ client, host: { nft } }), 'client', to)).replace(/(?<=silent host forward).*/, '')).toBe(then)
})

test('a drop is final, an accept ends its own chain only', () => {
  const nft = [
    table(),
    chain('early', base('forward', -10)),
    rule('early', [{ accept: null }]),
    chain('late', base('forward', 10, 'drop')),
  ]
  const trace = sent(site({ client, host: { nft, iptables: { filter: ['FORWARD -j ACCEPT'] } } }), 'client', to)
  expect(trace.verdict).toMatchObject({ kind: 'dropped', by: { by: 'nftables', table: 'inet fw', chain: 'late' } })
  expect(trace.hops.filter(({ at }) => at === 'forward').map(({ chain: name }) => name)).toEqual([
    'early',
    'FORWARD',
    'late',
  ])
})

test('statements before a condition that fails have happened', () => {
  const expr = [
    { mangle: { key: meta('mark'), value: { '|': [meta('mark'), 4] } } },
    match(field('udp', 'dport'), 1),
    drop,
  ]
  const nft = [...forward(expr, [match(meta('mark'), 4), drop])]
  expect(said(sent(site({ client, host: { nft } }), 'client', to))).toContain('silent host forward')
})

test('translation by a native table', () => {
  const nft = [
    table(),
    chain('pre', base('prerouting', -100, 'accept', 'nat')),
    chain('post', base('postrouting', 100, 'accept', 'nat')),
    rule('pre', [match(field('tcp', 'dport'), 80), { dnat: { family: 'ip', addr: '172.20.0.2', port: 8080 } }]),
    rule('pre', [
      { dnat: { addr: { map: { key: field('tcp', 'dport'), data: { set: [[81, '172.20.0.3']] } } }, port: 8080 } },
    ]),
    rule('post', [match(meta('oifname'), 'br0'), { masquerade: null }]),
  ]
  expect(said(sent(site({ host: { nft } }), 'client', 'tcp 10.0.0.1:80'))).toBe(
    'answered a1 172.20.0.1>172.20.0.2:8080',
  )
  expect(said(sent(site({ host: { nft } }), 'client', 'tcp 10.0.0.1:81'))).toBe(
    'answered a2 172.20.0.1>172.20.0.3:8080',
  )
  expect(said(sent(site({ host: { nft } }), 'client', 'tcp 10.0.0.1:22'))).toBe('answered host 10.0.0.9>10.0.0.1:22')
})

const managed = (expr: readonly object[]): readonly object[] => [
  table('filter', 'ip'),
  chain('FORWARD', base('forward', 0), 'filter', 'ip'),
  rule('FORWARD', expr, 'filter', 'ip'),
]

test('tables that iptables-nft keeps are walked once, from its save', () => {
  const nft = managed([match(meta('iifname'), 'eth0'), { counter: {} }, drop])
  const host = { nft, iptables: { filter: ['FORWARD -i eth0 -j DROP'] } }
  const trace = sent(site({ client, host }), 'client', to)
  expect(trace.hops.filter(({ does }) => does === 'drop')).toMatchObject([{ by: 'iptables', rule: 1 }])
})

test('a native rule in such a table is taken from nftables, not as the save misprints it', () => {
  const nft = managed([match(field('ip', 'saddr'), { set: ['10.9.9.9', '10.8.8.8'] }), drop])
  const host = { nft, iptables: { filter: ['FORWARD -j DROP'] } }
  expect(said(sent(site({ client, host }), 'client', to))).toBe(passes)
})

test('chains of one priority that disagree: either may be the first', () => {
  const nat = (name: string, addr: string): readonly object[] => [
    table(name),
    chain('pre', base('prerouting', -100, 'accept', 'nat'), name),
    rule('pre', [match(field('tcp', 'dport'), 80), { dnat: { family: 'ip', addr, port: 8080 } }], name),
  ]
  const nft = [...nat('one', '172.20.0.2'), ...nat('two', '172.20.0.3')]
  const found = ways(site({ host: { nft } }), 'client', 'tcp 10.0.0.1:80')
  expect(found.map(said).toSorted()).toEqual([
    'answered a1 10.0.0.9>172.20.0.2:8080',
    'answered a2 10.0.0.9>172.20.0.3:8080',
  ])
  const alike = [...nat('one', '172.20.0.2'), ...nat('two', '172.20.0.2')]
  expect(ways(site({ host: { nft: alike } }), 'client', 'tcp 10.0.0.1:80')).toHaveLength(1)
})

test('a dormant table does nothing, rules on frames are not modelled', () => {
  const dormant = [{ table: { family: 'inet', name: 'fw', flags: 'dormant' } }, chain('f', base('forward', 0, 'drop'))]
  expect(said(sent(site({ client, host: { nft: dormant } }), 'client', to))).toBe(passes)
  const ofIptables = [{ table: { family: 'ip', name: 'filter', flags: ['dormant', 'owner'] } }]
  const iptables = { filter: ['FORWARD -j DROP'] }
  expect(said(sent(site({ client, host: { nft: ofIptables, iptables } }), 'client', to))).toBe(passes)
  const frames = [table('b', 'bridge'), chain('f', base('forward', 0, 'drop'), 'b', 'bridge')]
  expect(said(sent(site({ client, host: { nft: frames } }), 'client', to))).toBe(
    'unknown host link: rules on frames are not modelled',
  )
})

test.each<[flags: unknown]>([['z'], [''], [[]], [null], [['owner', 'fw']]])(
  'flags of a table that nft does not have (%j, as nft 1.0.6 prints any) leave open whether its chains are called',
  (flags) => {
    const fw = { table: { family: 'inet', name: 'fw', flags } }
    const doubt =
      'unknown host forward: nft prints no flags that it has for table inet fw: whether its chains are called is not known'
    const through = (...rules: readonly object[]): string =>
      said(sent(site({ client, host: { nft: [fw, chain('f', base('forward', 5)), ...rules] } }), 'client', to))
    expect(through(rule('f', [match(field('tcp', 'dport'), 22), drop]))).toBe(passes)
    expect(through(rule('f', [match(field('tcp', 'dport'), 8080), drop]))).toBe(doubt)
    expect(through(rule('f', [{ mangle: { key: { meta: { key: 'mark' } }, value: 1 } }]))).toBe(doubt)
    const policy = [fw, chain('f', base('forward', 5, 'drop'))]
    expect(said(sent(site({ client, host: { nft: policy } }), 'client', to))).toBe(doubt)
    const ofIptables = [{ table: { family: 'ip', name: 'filter', flags } }]
    const iptables = { filter: ['FORWARD -j DROP'] }
    expect(said(sent(site({ client, host: { nft: ofIptables, iptables } }), 'client', to))).toBe(
      doubt.replace('inet fw', 'ip filter'),
    )
  },
)

test.each<[what: string, nft: readonly object[], then: string]>([
  ['may drop it', [rule('f', [match(field('tcp', 'dport'), 8080), drop], 'nd', 'netdev')], 'not modelled'],
  ['asks for something else', [rule('f', [match(field('tcp', 'dport'), 22), drop], 'nd', 'netdev')], passes],
  ['may drop ARP', [rule('f', [match(meta('protocol'), 'arp'), drop], 'nd', 'netdev')], 'not modelled'],
  ['counts', [rule('f', [{ counter: { packets: 0, bytes: 0 } }, { accept: null }], 'nd', 'netdev')], passes],
  ['sends it elsewhere', [rule('f', [{ fwd: { dev: 'br0' } }], 'nd', 'netdev')], 'not modelled'],
  [
    'jumps to a rule that may drop it',
    [
      chain('g', {}, 'nd', 'netdev'),
      rule('f', [{ jump: { target: 'g' } }], 'nd', 'netdev'),
      rule('g', [drop], 'nd', 'netdev'),
    ],
    'not modelled',
  ],
])('an ingress chain whose device is not printed, and a rule of it %s', (_, rules, then) => {
  const nft = [table('nd', 'netdev'), chain('f', base('ingress', 0), 'nd', 'netdev'), ...rules]
  expect(said(sent(site({ client, host: { nft } }), 'client', to))).toContain(then)
})

test.each([
  [{ dev: 'eth0' }, 'not modelled'],
  [{ dev: ['br1', 'eth0'] }, 'not modelled'],
  [{ dev: 'br1' }, passes],
])('an ingress chain is met by what comes in by its device: %j', (devices, then) => {
  const nft = [table('nd', 'netdev'), chain('f', { ...base('ingress', 0, 'drop'), ...devices }, 'nd', 'netdev')]
  expect(said(sent(site({ client, host: { nft } }), 'client', to))).toContain(then)
})

test('what a bridge hands up comes in by the device of the bridge', () => {
  const nft = [table('nd', 'netdev'), chain('f', { ...base('ingress', 0, 'drop'), dev: 'br0' }, 'nd', 'netdev')]
  const topology = site({ host: { nft } })
  expect(said(sent(topology, 'a1', 'tcp 10.0.0.9:80'))).toContain('not modelled')
  expect(said(sent(topology, 'a1', 'tcp 172.20.0.3:8080'))).toBe('answered a2 172.20.0.2>172.20.0.3:8080')
})

test('IPv6 loses its neighbours to a rule that drops their questions', () => {
  const nft = [
    table(),
    chain('input', base('input', 0, 'drop')),
    rule('input', [match(meta('l4proto'), 'tcp'), { accept: null }]),
  ]
  expect(said(sent(site({ a1: { nft } }), 'host', 'tcp [fd20::2]:8080'))).toBe('unreachable host neighbour')
  const open = [
    ...nft,
    rule('input', [
      match(field('icmpv6', 'type'), { set: ['nd-neighbor-solicit', 'nd-neighbor-advert'] }),
      { accept: null },
    ]),
  ]
  expect(said(sent(site({ a1: { nft: open } }), 'host', 'tcp [fd20::2]:8080'))).toBe('answered a1 fd20::1>fd20::2:8080')
})

const change = (protocol: string, name: string, value: unknown): object => ({
  mangle: { key: field(protocol, name), value },
})
const prerouting = (...expr: readonly object[]): readonly object[] => [
  table(),
  chain('early', base('prerouting', -150)),
  rule('early', expr),
]

test.each<[expr: object, then: string]>([
  [change('ip', 'ttl', 1), 'unreachable'],
  [change('ip6', 'hoplimit', 1), 'delivered'],
  [change('ip', 'ttl', 2), 'delivered'],
])('the lifetime: %j', (expr, then) => {
  expect(sent(site({ client, host: { nft: prerouting(expr) } }), 'client', to).verdict.kind).toBe(then)
})

test.each([
  ['af21', 18],
  ['cs1', 8],
  [46, 46],
])('a DSCP that a rule writes is the one another reads: %s', (written, asked) => {
  const rules = [[change('ip', 'dscp', written)], [match(field('ip', 'dscp'), asked), drop]]
  expect(said(sent(site({ client, host: { nft: forward(...rules) } }), 'client', to))).toBe(
    `silent host forward: ip dscp ${asked} drop`,
  )
})

const ends = (key: object): object => ({
  vmap: {
    key,
    data: {
      set: [
        [0, drop],
        [1, { accept: null }],
      ],
    },
  },
})

test.each([
  [{ numgen: { mode: 'random', mod: 2, offset: 0 } }],
  [{ symhash: { mod: 2 } }],
  [{ jhash: { mod: 2, seed: 7, expr: { concat: [field('ip', 'saddr'), field('tcp', 'dport')] } } }],
])('the rule that draws a number is named on every way: %j', (key) => {
  const nft = forward([match(field('ip', 'daddr'), '172.20.0.2'), ends(key)])
  const found = ways(site({ client, host: { nft } }), 'client', to)
  expect(found.map(({ verdict, chances }) => [verdict.kind, chances.map(({ drawn }) => drawn)])).toEqual([
    ['dropped', [0]],
    ['delivered', [1]],
  ])
  expect(found[0]?.chances).toMatchObject([{ where: { table: 'inet fw', rule: 1, at: 'forward' }, matched: true }])
})

test('what lacks the field of a hash ends the rule', () => {
  const nft = forward([ends({ jhash: { mod: 2, expr: field('udp', 'dport') } })])
  expect(ways(site({ client, host: { nft } }), 'client', to).map(said)).toEqual([passes])
})

test.each([
  [match({ numgen: { mode: 'inc', mod: 100, offset: 0 } }, 40, '<')],
  [match(meta('hour'), { range: ['08:00', '17:00'] })],
  [match({ ct: { key: 'packets' } }, 9, '>')],
  [match({ payload: { base: 'th', offset: 104, len: 8 } }, 2, '!=')],
])('what no command prints matches by chance: %j', (condition) => {
  const nft = forward([condition, drop], [match(field('udp', 'dport'), 1), condition, drop])
  const [first, ...others] = ways(site({ client, host: { nft } }), 'client', to)
  expect(first?.verdict).toMatchObject({ kind: 'dropped', by: { rule: 1 } })
  expect(others.every(({ chances }) => chances.every(({ where }) => where.rule === 1))).toBe(true)
  expect(others.map(said)).toContain(passes)
})
