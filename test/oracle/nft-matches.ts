import * as fc from 'fast-check'
import { pick } from './pick.ts'

// What a rule of nft asks of a packet.

export type Family = 'ip' | 'ip6' | 'inet'

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

export function address(family: Family, side: 'saddr' | 'daddr'): fc.Arbitrary<string> {
  const of = (one: 'ip' | 'ip6'): fc.Arbitrary<string> =>
    fc.tuple(pick('', '', '!= '), pick(...addresses[one])).map(([sign, text]) => `${one} ${side} ${sign}${text}`)
  return family === 'inet'
    ? fc.oneof({ weight: 4, arbitrary: of('ip') }, { weight: 1, arbitrary: of('ip6') })
    : of(family)
}

export function match(family: Family, hook: string): fc.Arbitrary<string> {
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
        ...(incoming && hook !== 'postrouting'
          ? [
              'fib saddr . iif oif missing',
              'fib saddr oif exists',
              'fib saddr . mark . iif oif missing',
              'fib saddr . iif oif exists',
            ]
          : []),
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
        'numgen random mod 100 < 40',
        'symhash mod 2 1',
        'meta hour "00:00"-"12:00"',
        'meta day { "Monday", "Tuesday" }',
        'ct packets > 1',
        '@th,104,8 & 2 == 2',
      ),
    },
    { weight: 3, arbitrary: headers(family) },
  )
}

const lengths = ['< 2000', '> 20', '< 39', '< 61', '60', '>= 100', '!= 1300', '1400-1500', '{ 1300, 1400 }'].map(
  (text) => `meta length ${text}`,
)
const of4 = [
  'ttl > 1',
  'ttl 64',
  'ttl 63',
  'ttl != 64',
  'ttl < 63',
  'ttl { 62, 64 }',
  'ttl 63-64',
  'dscp cs0',
  'dscp != 0',
  'dscp cs1',
  'dscp 4',
  'dscp { cs1, 4 }',
  'length < 2000',
  'length >= 1000',
].map((text) => `ip ${text}`)
const of6 = ['hoplimit > 1', 'hoplimit 64', 'hoplimit 63', 'hoplimit < 64', 'dscp cs0', 'dscp != cs1'].map(
  (text) => `ip6 ${text}`,
)

const headers = (family: Family): fc.Arbitrary<string> =>
  pick(...lengths, ...(family === 'ip6' ? [] : of4), ...(family === 'ip' ? [] : of6))
