import * as fc from 'fast-check'
import { ruledBy } from './rules.ts'
import type { Mutation } from './world.ts'

// Tables as nft takes them, beside those of iptables or alone.

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
type Family = 'ip' | 'ip6' | 'inet'

const addresses = {
  ip: [
    '10.99.0.3',
    '10.99.0.0/24',
    '172.26.64.2',
    '172.26.64.0/20',
    '{ 172.26.64.2, 172.26.64.3 }',
    '172.26.64.2-172.26.64.3',
    '{ 10.99.0.0/24, 172.26.64.2-172.26.64.9 }',
    '192.0.2.10',
    '127.0.0.1',
    '172.17.0.0/16',
    '10.99.0.1',
    '@friends',
  ],
  ip6: [
    'fd99::3',
    'fd99::/64',
    'fd00:a110::2',
    'fd00:a110::/64',
    '{ fd00:a110::2, fd00:a110::3 }',
    'fd99::1-fd99::3',
    '::1',
  ],
}

const ports = [
  '8080',
  '25001',
  '{ 8080, 25001 }',
  '25001-25010',
  '!= 8080',
  '{ 8081, 9000-9001, 25000-25002 }',
  '< 1024',
  '>= 25000',
  '@doors',
]

function address(family: Family, side: 'saddr' | 'daddr'): fc.Arbitrary<string> {
  const of = (one: 'ip' | 'ip6'): fc.Arbitrary<string> =>
    fc.tuple(pick('', '', '!= '), pick(...addresses[one])).map(([sign, text]) => `${one} ${side} ${sign}${text}`)
  return family === 'inet'
    ? fc.oneof({ weight: 4, arbitrary: of('ip') }, { weight: 1, arbitrary: of('ip6') })
    : of(family)
}

function match(family: Family, hook: string): fc.Arbitrary<string> {
  const incoming = ['prerouting', 'input', 'forward', 'postrouting'].includes(hook)
  const outgoing = ['output', 'forward', 'postrouting'].includes(hook)
  const device = pick(
    '"eth0"',
    '"nomad"',
    '"eth1"',
    '"docker0"',
    '"lo"',
    '{ "eth0", "nomad" }',
    '"eth*"',
    '!= "nomad"',
    '"veth*"',
  )
  return fc.oneof(
    { weight: 4, arbitrary: address(family, 'daddr') },
    { weight: 4, arbitrary: address(family, 'saddr') },
    {
      weight: 4,
      arbitrary: fc
        .tuple(pick('tcp', 'udp', 'tcp', 'th'), pick(...ports))
        .map(([proto, port]) =>
          proto === 'th' ? `meta l4proto { tcp, udp } th dport ${port}` : `${proto} dport ${port}`,
        ),
    },
    {
      weight: 1,
      arbitrary: pick(
        'meta l4proto tcp',
        'meta l4proto { tcp, udp }',
        'meta l4proto != udp',
        'meta l4proto icmp',
        'tcp flags syn',
        'tcp flags & (syn | ack) == syn',
      ),
    },
    ...(incoming ? [{ weight: 3, arbitrary: device.map((one) => `iifname ${one}`) }] : []),
    ...(outgoing ? [{ weight: 3, arbitrary: device.map((one) => `oifname ${one}`) }] : []),
    {
      weight: 3,
      arbitrary: pick(
        'ct state new',
        'ct state established,related',
        'ct state { new, untracked }',
        'ct state invalid',
        'ct state != new',
        'ct status dnat',
        'ct status & (dnat | snat) != 0',
        'ct direction original',
        'ct direction reply',
        'ct mark 0x1',
        'meta l4proto tcp ct original proto-dst 25001',
        `ct original ${family === 'ip6' ? 'ip6 daddr fd99::1' : 'ip daddr 10.99.0.1'}`,
      ),
    },
    {
      weight: 2,
      arbitrary: pick(
        'meta mark 0x1',
        'meta mark & 0x2000 == 0x2000',
        'meta mark != 0x0',
        'meta mark { 0x0, 0x1 }',
        'mark and 0xff != 0x1',
      ),
    },
    {
      weight: 2,
      arbitrary: pick(
        'fib daddr type local',
        'fib saddr type local',
        'fib daddr type != local',
        'fib daddr type { local, broadcast }',
        ...(incoming && hook !== 'postrouting' ? ['fib saddr . iif oif missing', 'fib saddr oif exists'] : []),
      ),
    },
    ...(family === 'inet'
      ? [{ weight: 1, arbitrary: pick('meta nfproto ipv4', 'meta nfproto ipv6', 'meta nfproto != ipv6') }]
      : []),
    ...(hook === 'output'
      ? [{ weight: 2, arbitrary: pick('meta skuid 0', 'meta skuid 1000', 'meta skuid != 1000', 'meta skgid 0') }]
      : []),
    {
      weight: 1,
      arbitrary: pick(
        'meta iiftype ether',
        'meta pkttype host',
        'limit rate 1000/second burst 1000 packets',
        'numgen random mod 2 0',
        'ip ttl > 1',
        'meta length < 2000',
      ).map((text) => (text.startsWith('ip ttl') && family !== 'ip' ? 'meta length > 20' : text)),
    },
  )
}

const vmaps = (family: Family, end: string): fc.Arbitrary<string> =>
  pick(
    `tcp dport vmap { 8080 : ${end}, 25001 : accept }`,
    `ct state vmap { established : accept, related : accept, invalid : ${end}, new : continue }`,
    `meta l4proto vmap { tcp : jump extra, udp : goto extra }`,
    family === 'ip6'
      ? `ip6 daddr vmap { fd00:a110::2 : ${end}, fd00:a110::3 : jump extra }`
      : `ip daddr vmap { 172.26.64.2 : ${end}, 172.26.64.3 : jump extra, 10.99.0.0/24 : return }`,
    `meta mark vmap { 0x1 : ${end}, 0x2000 : accept }`,
    `iifname . meta l4proto vmap { "eth0" . tcp : ${end}, "nomad" . udp : accept }`,
  )

function verdict(family: Family, hook: string, type: string): fc.Arbitrary<string> {
  const marks = pick(
    'meta mark set 0x1',
    'meta mark set meta mark or 0x2000',
    'meta mark set meta mark & 0xfffffffe',
    'ct mark set 0x1',
    'ct mark set meta mark',
    'meta mark set ct mark',
    'counter',
    'log prefix "x"',
  )
  const plain = pick('accept', 'accept', 'drop', 'return', 'jump extra', 'goto extra', 'counter drop', 'continue')
  if (type === 'nat') {
    const four = [
      'dnat to 172.26.64.2:8080',
      'dnat to 172.26.64.3',
      'dnat to :8080',
      'dnat to 10.99.0.3:8080',
      'dnat to tcp dport map { 25001 : 172.26.64.2, 25002 : 172.26.64.3 }',
      'dnat to ip daddr . tcp dport map { 10.99.0.1 . 25002 : 172.26.64.3 . 8080, 10.99.0.1 . 25001 : 172.26.64.2 . 8080 }',
      'redirect to :8080',
      'redirect',
    ]
    const six = ['dnat to [fd00:a110::2]:8080', 'dnat to fd00:a110::3', 'redirect to :8080', 'dnat to [fd99::3]:8080']
    const dnat =
      family === 'inet'
        ? four.map((text) =>
            text.startsWith('dnat to :') || text.startsWith('redirect') ? text : text.replace('dnat to', 'dnat ip to'),
          )
        : family === 'ip6'
          ? six
          : four
    const snat =
      family === 'ip6'
        ? ['masquerade', 'snat to fd99::1']
        : ['masquerade', 'snat to 10.99.0.1', 'masquerade', 'snat to 172.26.64.1'].map((text) =>
            family === 'inet' ? text.replace('snat to', 'snat ip to') : text,
          )
    const change = ['prerouting', 'output'].includes(hook)
      ? dnat
      : snat.filter((text) => hook === 'postrouting' || text !== 'masquerade')
    return fc.oneof(
      { weight: 5, arbitrary: pick(...change) },
      { weight: 2, arbitrary: marks },
      { weight: 2, arbitrary: pick('accept', 'return') },
    )
  }
  const reject =
    family === 'inet'
      ? [
          'reject',
          'reject with icmpx admin-prohibited',
          'reject with icmpx port-unreachable',
          'reject with icmpx host-unreachable',
          'reject with icmpx no-route',
          'meta l4proto tcp reject with tcp reset',
        ]
      : family === 'ip'
        ? [
            'reject',
            'reject with icmp host-prohibited',
            'reject with icmp admin-prohibited',
            'reject with icmp net-unreachable',
            'meta l4proto tcp reject with tcp reset',
          ]
        : [
            'reject',
            'reject with icmpv6 admin-prohibited',
            'reject with icmpv6 no-route',
            'meta l4proto tcp reject with tcp reset',
          ]
  return fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 2, arbitrary: marks },
    ...(['input', 'forward', 'output'].includes(hook) ? [{ weight: 2, arbitrary: pick(...reject) }] : []),
    ...(['prerouting', 'output'].includes(hook) ? [{ weight: 1, arbitrary: fc.constant('notrack') }] : []),
    { weight: 1, arbitrary: vmaps(family, 'drop') },
  )
}

const priorities: Readonly<Record<string, readonly number[]>> = {
  filter: [-310, -300, -160, -150, -10, 0, 10, 10, 55],
  nat: [-110, -90, 90, 110],
}

const base: fc.Arbitrary<readonly [type: string, hook: string, priority: number]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(
      fc.constant('filter'),
      pick('prerouting', 'input', 'forward', 'forward', 'forward', 'output', 'postrouting'),
      pick(...priorities['filter']!),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constant('nat'),
        pick('prerouting', 'prerouting', 'output', 'postrouting', 'postrouting', 'input'),
        pick(-1, 1),
      )
      .map(
        ([type, hook, side]) =>
          [type, hook, ['prerouting', 'output'].includes(hook) ? -100 + side * 10 : 100 + side * 10] as const,
      ),
  },
  { weight: 1, arbitrary: fc.constant(['route', 'output', -155] as const) },
)

const table = (share6: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 10, arbitrary: pick<Family>('ip', 'inet', 'inet') },
        { weight: share6, arbitrary: fc.constant<Family>('ip6') },
      ),
      base,
      fc.nat(9999),
    )
    .chain(([family, [type, hook, priority], n]) => {
      const rule = fc
        .tuple(fc.array(match(family, hook), { maxLength: 3 }), verdict(family, hook, type))
        .map(([list, end]) => `    ${fitting(list, end).join(' ')}`)
      return fc
        .tuple(
          fc.array(rule, { minLength: 1, maxLength: 4 }),
          fc.array(
            fc
              .tuple(
                fc.array(match(family, hook), { maxLength: 2 }),
                pick('accept', 'return', 'counter', 'meta mark set 0x1', ...(type === 'nat' ? [] : ['drop'])),
              )
              .map(([list, end]) => `    ${fitting(list, end).join(' ')}`),
            { maxLength: 2 },
          ),
          type === 'nat' ? fc.constant('accept') : pick('accept', 'accept', 'accept', 'drop'),
        )
        .map(([rules, extra, policy]) =>
          [
            `table ${family} t${n} {`,
            `  set friends { type ipv4_addr; flags interval; elements = { 10.99.0.2-10.99.0.3, 172.26.64.0/24 }; }`,
            `  set doors { type inet_service; elements = { 8080, 25001, 25002 }; }`,
            '  chain extra {',
            ...extra,
            '  }',
            '  chain base {',
            `    type ${type} hook ${hook} priority ${priority}; policy ${policy};`,
            ...rules,
            '  }',
            '}',
          ].join('\n'),
        )
    })

const l4 = (text: string): boolean => /(^| )(tcp|udp|th|l4proto|icmp)( |$)/.test(text)
const l3 = (text: string): boolean => /(^| )(ip6?|nfproto)( |$)/.test(text)

/** A port needs its protocol and two matches must not contradict each other in a way nft refuses. */
function fitting(list: readonly string[], end: string): readonly string[] {
  const kept: string[] = []
  for (const text of list)
    if (
      !(l4(text) && (kept.some(l4) || l4(end))) &&
      !(l3(text) && (kept.some((one) => l3(one) && one.split(' ')[0] !== text.split(' ')[0]) || l3(end)))
    )
      kept.push(text)
  const port = /(dnat|redirect).*:\d/.test(end)
  // A port may be given only to protocols that have ports.
  if (port) kept.splice(0, kept.length, ...kept.filter((text) => !/^meta l4proto (!= udp|icmp)$/.test(text)))
  const ported = port && !kept.some(l4) && !l4(end)
  return [...kept, ...(ported ? ['meta l4proto tcp'] : []), end]
}

export const nftMutations = (share6: number): fc.Arbitrary<readonly Mutation[]> =>
  fc.tuple(ruledBy, table(share6)).map(([ns, text]) => [{ kind: 'nft', ns, text }])
