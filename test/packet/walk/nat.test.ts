import { expect, test } from 'vitest'
import type { Link } from '../../../src/packet/ip.ts'
import type { NamespaceState } from '../../../src/packet/walk/types.ts'
import { said, sent, site } from './site.ts'
import type { Machine } from './machine.ts'

const nat = (...rules: readonly string[]): Partial<Machine> => ({ iptables: { nat: rules } })
const door = 'PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.20.0.2:8080'
const reached = 'answered a1 10.0.0.9>172.20.0.2:8080'

test('a host port: the target is changed, the answer changed back', () => {
  const trace = sent(site({ host: nat(door) }), 'client', 'tcp 10.0.0.1:80')
  expect(said(trace)).toBe(reached)
  expect(trace.hops.find(({ does }) => does === 'dnat')).toMatchObject({
    before: { dst: '10.0.0.1', dport: 80 },
    after: { dst: '172.20.0.2', dport: 8080 },
    chain: 'PREROUTING',
    rule: 1,
  })
  expect(trace.back).toMatchObject({
    tuple: { src: '10.0.0.1', sport: 80 },
    verdict: { kind: 'returned', namespace: 'client' },
  })
})

test.each<[what: string, from: string, to: string, rules: readonly string[], then: string]>([
  ['the host itself is not in PREROUTING', 'host', 'tcp 10.0.0.1:80', [door], 'refused host 10.0.0.1>10.0.0.1:80'],
  [
    'nested chains',
    'client',
    'tcp 10.0.0.1:80',
    [
      ':HP -',
      ':DN -',
      'PREROUTING -m addrtype --dst-type LOCAL -j HP',
      'HP -p tcp -m multiport --dports 80,81 -j DN',
      `DN ${door.replace('PREROUTING ', '')}`,
    ],
    reached,
  ],
  [
    'the first mapping wins',
    'client',
    'tcp 10.0.0.1:80',
    [door, 'PREROUTING -p tcp -j DNAT --to-destination 172.20.0.3'],
    reached,
  ],
  [
    'an accept before it',
    'client',
    'tcp 10.0.0.1:80',
    ['PREROUTING -j ACCEPT', door],
    'refused host 10.0.0.9>10.0.0.1:80',
  ],
  [
    'an address alone keeps the port',
    'client',
    'tcp 10.0.0.1:8080',
    ['PREROUTING -p tcp -j DNAT --to-destination 172.20.0.3'],
    'answered a2 10.0.0.9>172.20.0.3:8080',
  ],
  [
    'to one of several addresses',
    'client',
    'tcp 10.0.0.1:80',
    ['PREROUTING -p tcp -j DNAT --to-destination 172.20.0.2-172.20.0.3'],
    'refused a1 10.0.0.9>172.20.0.2:80',
  ],
  [
    'redirected to a local port',
    'client',
    'tcp 10.0.0.1:80',
    ['PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 22'],
    'answered host 10.0.0.9>10.0.0.1:22',
  ],
  [
    'what the host sends, redirected to itself',
    'host',
    'tcp 10.0.0.2:631',
    ['OUTPUT -p tcp -m tcp --dport 631 -j REDIRECT'],
    'answered host 10.0.0.1>127.0.0.1:631',
  ],
  [
    'masqueraded on its way out',
    'a1',
    'tcp 10.0.0.2:80',
    ['POSTROUTING -s 172.20.0.0/24 -o eth0 -j MASQUERADE'],
    'answered peer 10.0.0.1>10.0.0.2:80',
  ],
  [
    'a source that is given',
    'a1',
    'tcp 10.0.0.2:80',
    ['POSTROUTING -s 172.20.0.0/24 -j SNAT --to-source 10.0.0.1'],
    'answered peer 10.0.0.1>10.0.0.2:80',
  ],
  [
    'a source whose answers come elsewhere',
    'a1',
    'tcp 10.0.0.2:80',
    ['POSTROUTING -j SNAT --to-source 10.0.0.77'],
    'silent peer 10.0.0.77>10.0.0.2:80',
  ],
  [
    'loopback to a target, without route_localnet',
    'host',
    'tcp 127.0.0.1:80',
    ['OUTPUT -d 127.0.0.1/32 -p tcp -j DNAT --to-destination 172.20.0.2:8080'],
    'silent host route: after translation: br0 does not send packets from 127.0.0.1: route_localnet is 0',
  ],
])('%s', (_, from, to, rules, then) => {
  expect(said(sent(site({ host: nat(...rules) }), from, to))).toBe(then)
})

test('loopback to a target needs route_localnet and another source', () => {
  const host = {
    ...nat(
      'OUTPUT -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.20.0.2:8080',
      'POSTROUTING -s 127.0.0.1/32 -o br0 -j MASQUERADE',
    ),
    settings: { 'net.ipv4.conf.br0.route_localnet': 1 },
  }
  expect(said(sent(site({ host }), 'host', 'tcp 127.0.0.1:80'))).toBe('answered a1 172.20.0.1>172.20.0.2:8080')
})

test('a mark decides who is masqueraded', () => {
  const rules = [
    ':MARKED -',
    'PREROUTING -s 172.20.0.0/24 -j MARKED',
    'MARKED -j MARK --set-xmark 0x2000/0x2000',
    door,
    'POSTROUTING -m mark --mark 0x2000/0x2000 -j MASQUERADE',
  ]
  expect(said(sent(site({ host: nat(...rules) }), 'a2', 'tcp 10.0.0.1:80'))).toBe(
    'answered a1 172.20.0.1>172.20.0.2:8080',
  )
  expect(said(sent(site({ host: nat(...rules.slice(0, 1), door) }), 'a2', 'tcp 10.0.0.1:80'))).toBe(
    'silent a1 172.20.0.3>172.20.0.2:8080',
  )
})

test('what is not tracked is not translated', () => {
  const host = {
    iptables: {
      raw: ['PREROUTING -p tcp -m tcp --dport 80 -j CT --notrack'],
      nat: [door],
      filter: ['INPUT -m conntrack --ctstate UNTRACKED -j REJECT'],
    },
  }
  const trace = sent(site({ host }), 'client', 'tcp 10.0.0.1:80')
  expect(said(trace)).toBe('refused host input icmp-port-unreachable')
})

const stuck =
  'ipv4 2 udp 17 29 src=10.0.0.9 dst=10.0.0.1 sport=5000 dport=53 [UNREPLIED] src=172.20.0.3 dst=10.0.0.9 sport=53 dport=5000 mark=0 use=1'

test('a connection that exists keeps its target, whatever the rules say now', () => {
  const host = { ...nat('PREROUTING -p udp -j DNAT --to-destination 172.20.0.2:53'), conntrack: stuck }
  expect(said(sent(site({ host }), 'client', 'udp 10.0.0.1:53', { sport: 5000 }))).toBe(
    'refused a2 10.0.0.9>172.20.0.3:53',
  )
  expect(said(sent(site({ host }), 'client', 'udp 10.0.0.1:53', { sport: 5001 }))).toBe(
    'answered a1 10.0.0.9>172.20.0.2:53',
  )
})

test('a connection counts only where a rule asks for connections', () => {
  const host = { iptables: { nat: [], filter: [] }, conntrack: stuck }
  const sport = { sport: 5000 }
  expect(said(sent(site({ host }), 'client', 'udp 10.0.0.1:53', sport))).toBe('refused host 10.0.0.9>10.0.0.1:53')
  const asking = { iptables: { nat: [], filter: ['OUTPUT -m conntrack --ctstate INVALID -j DROP'] }, conntrack: stuck }
  expect(said(sent(site({ host: asking }), 'client', 'udp 10.0.0.1:53', sport))).toBe(
    'refused a2 10.0.0.9>172.20.0.3:53',
  )
})

test('a new connection takes the place of one that is over', () => {
  const over =
    'ipv4 2 tcp 6 100 TIME_WAIT src=10.0.0.9 dst=10.0.0.1 sport=5000 dport=80 src=172.20.0.3 dst=10.0.0.9 sport=8080 dport=5000 [ASSURED] mark=0 use=1'
  expect(
    said(sent(site({ host: { ...nat(door), conntrack: over } }), 'client', 'tcp 10.0.0.1:80', { sport: 5000 })),
  ).toBe(reached)
})

test('a full table may drop new connections', () => {
  const settings = { 'net.netfilter.nf_conntrack_count': 1000, 'net.netfilter.nf_conntrack_max': 1000 }
  expect(said(sent(site({ host: { ...nat(door), settings } }), 'client', 'tcp 10.0.0.1:80'))).toBe(
    'silent host prerouting: the connection table is full',
  )
})

test('IPv6 is translated alike', () => {
  const host = {
    ip6tables: {
      nat: [
        'PREROUTING -d fd00::1/128 -p tcp -j DNAT --to-destination [fd20::2]:8080',
        'POSTROUTING -o br0 -j MASQUERADE',
      ],
    },
  }
  expect(said(sent(site({ host }), 'client', 'tcp [fd00::1]:80'))).toBe('answered a1 fd20::1>fd20::2:8080')
})

test('a masquerade needs the addresses of the device it leaves by: not read is unknown, none is dropped by the kernel', () => {
  const masked = site({ host: nat('POSTROUTING -s 172.20.0.0/24 -o eth0 -j MASQUERADE') })
  const end = (change: (links: readonly Link[]) => readonly Link[] | undefined) => {
    const { host } = masked.namespaces
    const links = change(host?.links ?? [])
    const without = { ...host, links } as NamespaceState
    return sent({ ...masked, namespaces: { ...masked.namespaces, host: without } }, 'a1', 'tcp 10.0.0.9:80').verdict
  }
  expect(end(() => undefined)).toMatchObject({ kind: 'unknown' })
  expect(end((links) => links.map((link) => ({ ...link, addresses: [] })))).toMatchObject({
    kind: 'dropped',
    by: { by: 'kernel' },
  })
})
