import { expect, test } from 'vitest'
import { outcomeOf } from '../../../src/packet/walk/index.ts'
import { bridge, eth0, lan, port, said, sent, site, veth, ways } from './site.ts'
import type { Site } from './site.ts'

test.each([
  ['client', 'tcp 10.0.0.1:22', 'answered host 10.0.0.9>10.0.0.1:22'],
  ['client', 'tcp 10.0.0.1:23', 'refused host 10.0.0.9>10.0.0.1:23'],
  ['client', 'tcp 10.0.0.1:631', 'refused host 10.0.0.9>10.0.0.1:631'],
  ['host', 'tcp 127.0.0.1:631', 'answered host 127.0.0.1>127.0.0.1:631'],
  ['host', 'tcp 10.0.0.1:22', 'answered host 10.0.0.1>10.0.0.1:22'],
  ['host', 'tcp 172.20.0.2:8080', 'answered a1 172.20.0.1>172.20.0.2:8080'],
  ['a1', 'tcp 172.20.0.3:8080', 'answered a2 172.20.0.2>172.20.0.3:8080'],
  ['a1', 'tcp 172.20.0.1:22', 'answered host 172.20.0.2>172.20.0.1:22'],
  ['host', 'tcp 10.0.0.77:80', 'unreachable host neighbour'],
  ['host', 'tcp 192.168.7.7:80', 'unreachable host no-route'],
  ['host', 'tcp [fd20::2]:8080', 'answered a1 fd20::1>fd20::2:8080'],
  ['a1', 'tcp [fd20::3]:8080', 'answered a2 fd20::2>fd20::3:8080'],
  ['host', 'udp 172.20.0.2:53', 'answered a1 172.20.0.1>172.20.0.2:53'],
  ['host', 'udp 172.20.0.2:54', 'refused a1 172.20.0.1>172.20.0.2:54'],
])('%s to %s: %s', (from, to, then) => {
  expect(said(sent(site(), from, to))).toBe(then)
})

test('without a way back the answer is lost, and says where', () => {
  const trace = sent(site(), 'a1', 'tcp 10.0.0.2:80')
  expect(said(trace)).toBe('silent peer 172.20.0.2>10.0.0.2:80')
  expect(trace.back?.verdict).toMatchObject({ kind: 'unreachable', how: 'no-route', by: { namespace: 'peer' } })
})

const back = { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] }

test.each<[what: string, changes: Site, then: string]>([
  ['a route', {}, 'answered a1 10.0.0.9>172.20.0.2:8080'],
  [
    'forwarding off where it comes in',
    { host: { settings: { 'net.ipv4.conf.eth0.forwarding': 0 } } },
    'silent host route: eth0 does not forward',
  ],
  [
    'forwarding off where it leaves',
    { host: { settings: { 'net.ipv4.conf.br0.forwarding': 0 } } },
    'silent a1 10.0.0.9>172.20.0.2:8080',
  ],
  ['a black hole', { host: { routes: ['blackhole 172.20.0.2/32'] } }, 'silent host route: blackhole 172.20.0.2/32'],
  ['a route that forbids', { host: { routes: ['prohibit 172.20.0.2/32'] } }, 'unreachable host prohibit'],
  ['an unreachable route', { host: { routes: ['unreachable 172.20.0.0/25'] } }, 'unreachable host unreachable'],
  ['a throw in the only table', { host: { routes: ['throw 172.20.0.2/32'] } }, 'unreachable host no-route'],
  [
    'a more specific way elsewhere',
    { host: { routes: ['172.20.0.2/32 via 10.0.0.2 dev eth0'] } },
    'unreachable peer no-route',
  ],
  [
    'two that send it to each other',
    {
      host: { routes: ['172.20.0.2/32 via 10.0.0.2 dev eth0'] },
      peer: { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] },
    },
    'looped',
  ],
  [
    'a worse metric',
    { host: { routes: ['172.20.0.0/24 via 10.0.0.2 dev eth0 metric 50'] } },
    'answered a1 10.0.0.9>172.20.0.2:8080',
  ],
  [
    'a policy rule to another table',
    { host: { rules: [{ priority: 10, src: 'all', iif: 'eth0', table: '7' }], routes: ['blackhole default table 7'] } },
    'silent host route: blackhole default table 7',
  ],
  [
    'a policy rule for another device',
    {
      host: {
        rules: [{ priority: 10, src: 'all', iif: 'br0', table: '7' }],
        routes: ['blackhole 172.20.0.2/32 table 7'],
      },
    },
    'answered a1 10.0.0.9>172.20.0.2:8080',
  ],
  [
    'a rule that suppresses the default route',
    {
      host: {
        rules: [
          { priority: 10, src: 'all', table: 'main', suppress_prefixlen: 0 },
          { priority: 11, src: 'all', table: '9' },
        ],
        routes: ['blackhole default table 9'],
      },
    },
    'answered a1 10.0.0.9>172.20.0.2:8080',
  ],
  [
    'a mark that a rule asks for',
    {
      host: {
        rules: [{ priority: 10, src: 'all', fwmark: '0x1', table: '7' }],
        routes: ['prohibit default table 7'],
        iptables: { mangle: ['PREROUTING -p tcp -j MARK --set-xmark 0x1/0xffffffff'] },
      },
    },
    'unreachable host prohibit',
  ],
  [
    'a rule nobody models',
    { host: { rules: [{ priority: 10, src: 'all', l3mdev: null }] } },
    'unknown client neighbour: host: a rule with l3mdev is not modelled',
  ],
  [
    'the veth down',
    { host: { devices: [eth0('10.0.0.1/24'), bridge, port('v1', { down: true }), port('v2')] } },
    'unreachable host neighbour',
  ],
  [
    'the veth detached',
    { host: { devices: [eth0('10.0.0.1/24'), bridge, { name: 'v1', addresses: [], kind: 'veth' }, port('v2')] } },
    'unreachable host neighbour',
  ],
  [
    'a bridge without address',
    { host: { devices: [eth0('10.0.0.1/24'), { ...bridge, addresses: [] }, port('v1'), port('v2')] } },
    'unreachable host no-route',
  ],
  ['no way back from the target', { a1: { routes: [] } }, 'silent a1 10.0.0.9>172.20.0.2:8080'],
  [
    'the port in another namespace',
    {
      joins: [
        veth('v1', 'a2'),
        {
          kind: 'wire',
          name: 'lan',
          ports: [
            { namespace: 'client', device: 'eth0' },
            { namespace: 'host', device: 'eth0' },
          ],
        },
      ],
    },
    'unknown host neighbour: nobody known has 172.20.0.2: what is at the other end of v2 of host is not known',
  ],
])('forwarded, with %s', (_, changes, then) => {
  expect(said(sent(site({ ...changes, client: back }), 'client', 'tcp 172.20.0.2:8080'))).toBe(then)
})

test('a source that is chosen must be an own one', () => {
  const rules = [{ priority: 10, src: 'all', table: '7' }]
  const topology = site({ host: { rules, routes: ['local default dev lo table 7'] } })
  expect(said(sent(topology, 'host', 'tcp 192.168.7.7:80'))).toBe('unreachable host no-route')
})

test('large packets: the sender is told, or not', () => {
  const narrow = site({
    client: back,
    host: { devices: [eth0('10.0.0.1/24'), { ...bridge, mtu: 1400 }, port('v1'), port('v2')] },
  })
  expect(said(sent(narrow, 'client', 'tcp 172.20.0.2:8080'))).toBe('answered a1 10.0.0.9>172.20.0.2:8080')
  expect(said(sent(narrow, 'client', 'tcp 172.20.0.2:8080', { size: 1500 }))).toBe('unreachable host too-big')
  const cut = sent(narrow, 'client', 'udp 172.20.0.2:53', { size: 1500, df: false })
  expect(cut.hops.map(({ does }) => does)).toContain('fragment')
})

test('several next hops are several ways', () => {
  const routes = ['192.168.0.0/16 nexthop 10.0.0.2 eth0 nexthop 10.0.0.9 eth0']
  const found = ways(site({ host: { routes } }), 'host', 'tcp 192.168.1.1:80')
  expect(found.map(said)).toEqual(['unreachable peer no-route', 'unreachable client no-route'])
  expect(found.map(({ chances }) => chances.length)).toEqual([1, 1])
})

test('a packet from beyond the topology, and the answer that leaves where it came in', () => {
  const from = { arrives: 'eth0', src: '10.0.0.9', sport: 40_000 }
  expect(said(sent(site(), 'host', 'tcp 172.20.0.2:8080', from))).toBe('answered a1 10.0.0.9>172.20.0.2:8080')
  const settings = { 'net.ipv4.conf.all.rp_filter': 1 }
  const routes = ['10.0.0.9/32 dev br0']
  expect(said(sent(site({ host: { settings, routes } }), 'host', 'tcp 172.20.0.2:8080', from))).toBe(
    'silent host route: rp_filter of eth0 is 1 and the way back to 10.0.0.9 is br0',
  )
  const loose = { ...settings, 'net.ipv4.conf.eth0.rp_filter': 2 }
  expect(said(sent(site({ host: { settings: loose, routes } }), 'host', 'tcp 172.20.0.2:8080', from))).toBe(
    'silent a1 10.0.0.9>172.20.0.2:8080',
  )
  const closed = sent(site({ host: { settings: loose, routes } }), 'host', 'tcp 172.20.0.2:8080', from)
  expect(closed.back?.verdict).toMatchObject({ kind: 'unreachable', how: 'neighbour' })
  const other = { settings: loose, routes: ['10.0.0.9/32 via 172.20.0.3 dev br0'] }
  const strays = sent(site({ host: other }), 'host', 'tcp 172.20.0.2:8080', from)
  expect(strays).toMatchObject({ verdict: { kind: 'delivered' }, back: { verdict: { kind: 'unknown' } } })
  expect(outcomeOf(strays)).toBe('unknown')
  expect(said(sent(site(), 'host', 'tcp 172.20.0.2:8080', { ...from, src: '172.20.0.1' }))).toBe(
    'silent host route: martian source: 172.20.0.1 is an address of this namespace itself',
  )
  expect(said(sent(site(), 'host', 'tcp 127.0.0.1:631', from))).toBe(
    'silent host route: martian destination 127.0.0.1: route_localnet of eth0 is 0',
  )
})

test('a machine whose devices were not read is named where its address is looked for', () => {
  const topology = site()
  const { links: _, ...blind } = { ...topology.namespaces['a1']!, unread: [] }
  const host = { ...topology, namespaces: { ...topology.namespaces, a1: blind }, joins: [lan, veth('v2', 'a2')] }
  expect(said(sent(host, 'host', 'tcp 172.20.0.2:8080'))).toBe(
    'unknown host neighbour: nobody known has 172.20.0.2: the addresses of a1 are not known; what is at the other end of v1 of host is not known',
  )
  // On a wire that nobody else may be on, nobody is looked for elsewhere.
  expect(said(sent(host, 'host', 'tcp 10.0.0.99:80'))).toBe('unreachable host neighbour')
})

test('the question of ARP is checked as a packet is', () => {
  const settings = { 'net.ipv4.conf.all.rp_filter': 1 }
  const strict = site({ host: { settings, routes: ['10.0.0.9/32 dev br0'] } })
  expect(said(sent(strict, 'client', 'tcp 10.0.0.1:22'))).toBe('unreachable client neighbour')
})

test('a gateway that is an address of another device is one all the same', () => {
  const devices = [eth0('10.0.0.1/24'), bridge, port('v1'), port('v2'), { name: 'dummy0', addresses: ['10.0.0.2/32'] }]
  const topology = site({ host: { devices, routes: ['192.168.0.0/16 via 10.0.0.2 dev eth0'] } })
  expect(said(sent(topology, 'host', 'tcp 192.168.7.7:80'))).toBe('silent peer no-route')
})

test.each([
  ['as many as fit', ['tcp *:8080 queue 9/9'], 'answered a1 10.0.0.9>172.20.0.2:8080'],
  ['one more', ['tcp *:8080 queue 10/9'], 'silent a1 socket: 10 connections wait to be accepted by the program there'],
  [
    'one more, and a second socket on the port takes some',
    ['tcp *:8080 queue 10/9', 'tcp *:8080'],
    'answered a1 10.0.0.9>172.20.0.2:8080',
  ],
])('connections wait to be accepted: %s', (_, listen, expected) => {
  const topology = site({ a1: { listen }, client: { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] } })
  expect(said(sent(topology, 'client', 'tcp 172.20.0.2:8080'))).toContain(expected)
})
