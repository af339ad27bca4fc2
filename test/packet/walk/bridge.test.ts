import { expect, test } from 'vitest'
import { bridge, eth0, lan, port, said, sent, site, veth } from './site.ts'
import type { Device, Machine } from './machine.ts'

const on = { 'net.bridge.bridge-nf-call-iptables': 1 }
const off = { 'net.bridge.bridge-nf-call-iptables': 0 }
const doors = [
  'PREROUTING -p tcp -m tcp --dport 81 -j DNAT --to-destination 172.20.0.2:8080',
  'PREROUTING -p tcp -m tcp --dport 82 -j DNAT --to-destination 172.20.0.3:8080',
  'POSTROUTING -o br0 -j MASQUERADE',
]

test.each<[what: string, settings: Record<string, number>, iptables: Machine['iptables'], to: string, then: string]>([
  [
    'bridged frames meet no rules',
    off,
    { filter: [':FORWARD DROP'] },
    'tcp 172.20.0.3:8080',
    'answered a2 172.20.0.2>172.20.0.3:8080',
  ],
  [
    'or all of them',
    on,
    { filter: [':FORWARD DROP'] },
    'tcp 172.20.0.3:8080',
    'silent host bridge: the policy of FORWARD is DROP',
  ],
  [
    'by both names of the bridge',
    on,
    { filter: ['FORWARD -i br0 -o br0 -j ACCEPT', ':FORWARD DROP'] },
    'tcp 172.20.0.3:8080',
    'answered a2 172.20.0.2>172.20.0.3:8080',
  ],
  [
    'and by port',
    on,
    { filter: ['FORWARD -m physdev --physdev-in v1 --physdev-out v2 -j REJECT'] },
    'tcp 172.20.0.3:8080',
    'refused host bridge icmp-port-unreachable',
  ],
  [
    'a host port of another on the bridge, routed',
    off,
    { nat: doors },
    'tcp 172.20.0.1:82',
    'answered a2 172.20.0.1>172.20.0.3:8080',
  ],
  [
    'a host port of another on the bridge, bridged',
    on,
    { nat: doors },
    'tcp 172.20.0.1:82',
    'answered a2 172.20.0.1>172.20.0.3:8080',
  ],
  ['one of its own, routed', off, { nat: doors }, 'tcp 172.20.0.1:81', 'answered a1 172.20.0.1>172.20.0.2:8080'],
  [
    'one of its own, bridged',
    on,
    { nat: doors },
    'tcp 172.20.0.1:81',
    'silent host bridge: the bridge does not send a frame out of the port it came in by (v1)',
  ],
  [
    'a bridged one without forwarding',
    { ...on, 'net.ipv4.conf.br0.forwarding': 0 },
    { nat: doors },
    'tcp 172.20.0.1:82',
    'silent host route: br0 does not forward',
  ],
])('%s', (_, settings, iptables, to, then) => {
  const host = { settings, ...(iptables ? { iptables } : {}) }
  const said1 = said(sent(site({ host }), 'a1', to))
  expect(said1.replace('host forward', 'host bridge')).toBe(then)
})

const six = { ip6tables: { nat: ['PREROUTING -p tcp -m tcp --dport 82 -j DNAT --to-destination [fd20::3]:8080'] } }
const on6 = { 'net.bridge.bridge-nf-call-ip6tables': 1 }

test('a bridged IPv6 packet needs no forwarding', () => {
  const host = { ...six, settings: { ...on6, 'net.ipv6.conf.all.forwarding': 0 } }
  expect(sent(site({ host }), 'a1', 'tcp [fd20::1]:82').verdict).toMatchObject({ kind: 'delivered', namespace: 'a2' })
})

test('and asks for its new neighbour, who must answer', () => {
  const a2 = { ip6tables: { filter: ['INPUT -p ipv6-icmp -j DROP'] } }
  expect(said(sent(site({ host: { ...six, settings: on6 }, a2 }), 'a1', 'tcp [fd20::1]:82'))).toBe(
    'unreachable host neighbour',
  )
})

test('with hairpin on, a frame may go back where it came from', () => {
  const devices = [eth0('10.0.0.1/24'), bridge, port('v1', { hairpin: true }), port('v2')]
  const host = { devices, settings: on, iptables: { nat: doors } }
  expect(said(sent(site({ host }), 'a1', 'tcp 172.20.0.1:81'))).toBe('answered a1 172.20.0.1>172.20.0.2:8080')
})

test('a port that does not forward is named where nobody answers', () => {
  const shut = { devices: [eth0('10.0.0.1/24'), bridge, port('v1'), port('v2', { state: 'disabled' })] }
  const { verdict } = sent(site({ host: shut }), 'host', 'tcp 172.20.0.3:8080')
  expect(verdict).toMatchObject({
    kind: 'unreachable',
    why: 'nobody on br0 answers for 172.20.0.3; port v2 of br0 is in state disabled',
  })
})

test('the bridge decides for itself, whatever the setting of all', () => {
  const topology = site({ host: { settings: off, iptables: { filter: [':FORWARD DROP'] } } })
  const { host } = topology.namespaces
  const links =
    host?.links?.map((link) => (link.name === 'br0' ? { ...link, bridge: { nfCallIptables: true } } : link)) ?? []
  const namespaces = { ...topology.namespaces, host: { unread: [], ...host, links } }
  expect(said(sent({ ...topology, namespaces }, 'a1', 'tcp 172.20.0.3:8080'))).toContain(
    'the policy of FORWARD is DROP',
  )
})

test('without br_netfilter there is no such setting', () => {
  const host = { iptables: { filter: [':FORWARD DROP'] } }
  expect(said(sent(site({ host }), 'a1', 'tcp 172.20.0.3:8080'))).toBe('answered a2 172.20.0.2>172.20.0.3:8080')
})

test('macvlan: the segment and its siblings, never the parent', () => {
  const child = (address: string): Partial<Machine> => ({
    devices: [{ ...eth0(address), kind: 'macvlan' }],
    listen: ['tcp *:8080'],
    routes: [],
  })
  const parent = { namespace: 'host', device: 'eth0' }
  const topology = site({
    a1: child('10.0.0.50/24'),
    a2: child('10.0.0.51/24'),
    joins: [
      {
        kind: 'wire',
        name: 'lan',
        ports: ['client', 'host', 'peer'].map((namespace) => ({ namespace, device: 'eth0' })),
      },
      { kind: 'macvlan', parent, child: { namespace: 'a1', device: 'eth0' }, mode: 'bridge' },
      { kind: 'macvlan', parent, child: { namespace: 'a2', device: 'eth0' }, mode: 'bridge' },
    ],
  })
  expect(said(sent(topology, 'client', 'tcp 10.0.0.50:8080'))).toBe('answered a1 10.0.0.9>10.0.0.50:8080')
  expect(said(sent(topology, 'a1', 'tcp 10.0.0.51:8080'))).toBe('answered a2 10.0.0.50>10.0.0.51:8080')
  expect(said(sent(topology, 'a1', 'tcp 10.0.0.2:80'))).toBe('answered peer 10.0.0.50>10.0.0.2:80')
  expect(said(sent(topology, 'host', 'tcp 10.0.0.50:8080'))).toBe('unreachable host neighbour')
  expect(said(sent(topology, 'a1', 'tcp 10.0.0.1:22'))).toBe('unreachable a1 neighbour')
})

const stranger = port('v9')

const client = { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] }

test.each<[name: string, cable: Device, then: string]>([
  ['is down', port('v1', { down: true }), 'unreachable host neighbour'],
  ['is in no bridge', { name: 'v1', addresses: [], kind: 'veth' }, 'unreachable host neighbour'],
  ['is a port', port('v1'), 'answered a1 10.0.0.9>172.20.0.2:8080'],
])("a container's cable %s, and those of others were not read", (_, cable, then) => {
  const host = { devices: [eth0('10.0.0.1/24', 'fd00::1/64'), bridge, cable, port('v2'), stranger] }
  expect(said(sent(site({ client, host }), 'client', 'tcp 172.20.0.2:8080'))).toBe(then)
})

test('an address that nobody who was read has may be at a cable that was not', () => {
  const host = { devices: [eth0('10.0.0.1/24', 'fd00::1/64'), bridge, port('v1'), port('v2'), stranger] }
  const unread =
    'unknown host neighbour: nobody known has 172.20.0.7: what is at the other end of v9 of host is not known'
  expect(said(sent(site({ client, host }), 'client', 'tcp 172.20.0.7:8080'))).toBe(unread)
  // Another client has the same address behind a bridge of its own.
  const peer = { devices: [eth0('10.0.0.2/24'), { ...bridge, addresses: ['172.20.0.1/24'] }, port('v1')] }
  const apart = site({ client, host, peer, joins: [lan, veth('v1', 'a1', 'peer'), veth('v2', 'a2')] })
  expect(said(sent(apart, 'client', 'tcp 172.20.0.2:8080'))).toContain('unknown host neighbour')
})
