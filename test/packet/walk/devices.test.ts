import { expect, test } from 'vitest'
import type { Join } from '../../../src/packet/walk/index.ts'
import { bridge, eth0, lan, port, said, sent, site, veth } from './site.ts'
import type { Device } from './machine.ts'

// Kinds of devices that are modelled, and those that give unknown by their name.

const routes = ['192.168.0.0/16 dev x0']
const beyond = (kind: string, more: Partial<Device> = {}) =>
  site({
    host: { devices: [eth0('10.0.0.1/24'), { name: 'x0', addresses: ['192.168.0.1/24'], kind, ...more }], routes },
  })

test.each(['vxlan', 'geneve', 'gre', 'macvtap', 'macvlan', 'ipvlan', 'macsec', 'vrf', 'ifb', 'tap', 'xfrm'])(
  'a way out by a device of kind %s is not known',
  (kind) => {
    expect(said(sent(beyond(kind), 'host', 'tcp 192.168.0.7:80'))).toBe(
      `unknown host neighbour: nobody known has 192.168.0.7: x0 of host is a device of kind ${kind}, which is not modelled`,
    )
  },
)

test.each(['wireguard', 'tun', 'ipip', 'sit', 'ipvlan'])(
  'nor by one of kind %s, which asks for no neighbour',
  (kind) => {
    expect(said(sent(beyond(kind, { noArp: true }), 'host', 'tcp 192.168.0.7:80'))).toBe(
      `unknown host link: x0 of host is a device of kind ${kind}, which is not modelled`,
    )
  },
)

test.each(['ether', 'veth', 'vlan', 'bond', 'team'])('what is on a wire of kind %s was not read', (kind) => {
  expect(said(sent(beyond(kind), 'host', 'tcp 192.168.0.7:80'))).toBe(
    'unknown host neighbour: nobody known has 192.168.0.7: what is at the other end of x0 of host is not known',
  )
})

test.each(['ether', 'veth', 'vlan', 'bond', 'team', 'bridge'])('without ARP one of kind %s finds nobody', (kind) => {
  expect(said(sent(beyond(kind, { noArp: true }), 'host', 'tcp 192.168.0.7:80'))).toBe(
    'silent host neighbour: x0 has ARP switched off (NOARP)',
  )
})

test.each([
  ['REACHABLE', 'unknown'],
  ['STALE', 'unknown'],
  ['FAILED', 'unreachable'],
])('where nobody answers for an address, an entry in state %s is used until it is asked about again', (state, then) => {
  const settings = { 'net.ipv4.conf.all.arp_ignore': 8 }
  const neighbours = [
    { dst: '10.0.0.2', dev: 'eth0', lladdr: '02:00:00:00:00:02', state: [state] },
    { dst: '10.0.0.7', dev: 'eth0', lladdr: '02:00:00:00:00:07', state: ['REACHABLE'] },
  ]
  const found = said(sent(site({ client: { neighbours }, peer: { settings } }), 'client', 'tcp 10.0.0.2:80'))
  expect(found.split(' ')[0]).toBe(then)
})

// As the kernel does (arp_solicit, neigh_probe): a question in the name of 127.0.0.1 is not answered, one about a known entry has the device's own.
test.each([
  ['REACHABLE', 'silent peer route: martian source 127.0.0.1: route_localnet of eth0 is 0'],
  ['STALE', 'silent peer route: martian source 127.0.0.1: route_localnet of eth0 is 0'],
  ['FAILED', 'unreachable client neighbour'],
  [null, 'unknown client neighbour'],
])('who cannot ask for itself gets to an address that is known before (%s) alone', (state, then) => {
  const entry = { dst: '10.0.0.2', dev: 'eth0', lladdr: '02:00:00:00:00:02', state: [state] }
  const iptables = { nat: ['OUTPUT -d 127.0.0.1/32 -p tcp -j DNAT --to-destination 10.0.0.2:80'] }
  const settings = { 'net.ipv4.conf.all.route_localnet': 1 }
  const devices = [eth0('10.0.0.9/24')]
  const peer = { devices: [{ ...eth0('10.0.0.2/24'), mac: '02:00:00:00:00:02' }] }
  const topology = site({ client: { devices, iptables, settings, neighbours: [entry] }, peer })
  if (state === null) delete (topology.namespaces['client'] as { neighbours?: unknown }).neighbours
  expect(said(sent(topology, 'client', 'tcp 127.0.0.1:80'))).toContain(then)
})

test('an IPv6 address that another one has is neither answered for nor asked about', () => {
  const devices = [{ ...eth0('10.0.0.9/24', 'fd00::9/64', 'fe80::9/64'), dadfailed: ['fd00::2/64'] }]
  expect(said(sent(site({ client: { devices } }), 'client', 'tcp [fd00::2]:80'))).toBe('unreachable client neighbour')
  expect(said(sent(site({ client: { devices } }), 'host', 'tcp [fd00::2]:80'))).toBe('answered peer fd00::1>fd00::2:80')
})

test('a dummy device takes everything', () => {
  expect(said(sent(beyond('dummy'), 'host', 'tcp 192.168.0.7:80'))).toBe('silent host link: x0 is a dummy device')
})

test.each(['vlan', 'bond', 'team'])('a wire between devices of kind %s is one', (kind) => {
  const wire: Join = {
    kind: 'wire',
    name: 'w',
    ports: [
      { namespace: 'host', device: 'x0' },
      { namespace: 'peer', device: 'x0' },
    ],
  }
  const on = (n: number) => [eth0(`10.0.0.${n}/24`), { name: 'x0', addresses: [`192.168.0.${n}/24`], kind }]
  const topology = site({ host: { devices: on(1) }, peer: { devices: on(2) }, joins: [lan, wire] })
  expect(said(sent(topology, 'host', 'tcp 192.168.0.2:80'))).toBe('answered peer 192.168.0.1>192.168.0.2:80')
})

const child = (kind: 'macvlan' | 'ipvlan', mode: string): Join => ({
  kind,
  mode,
  parent: { namespace: 'host', device: 'eth0' },
  child: { namespace: 'a1', device: 'eth0' },
})
const own = { devices: [eth0('10.0.0.50/24')] }

test.each(['l2', 'l3', 'l3s'])('ipvlan of mode %s is not modelled, in no direction', (mode) => {
  const topology = site({ a1: own, joins: [lan, child('ipvlan', mode), veth('v2', 'a2')] })
  const why = 'eth0 of a1 is a device of kind ipvlan, which is not modelled'
  expect(said(sent(topology, 'client', 'tcp 10.0.0.50:8080'))).toContain(why)
  expect(said(sent(topology, 'host', 'tcp 10.0.0.50:8080'))).toContain(why)
  expect(said(sent(topology, 'a1', 'tcp 10.0.0.9:80'))).toContain(why)
  // What has nothing to do with it is followed.
  expect(said(sent(topology, 'client', 'tcp 10.0.0.1:22'))).toBe('answered host 10.0.0.9>10.0.0.1:22')
})

test.each([
  ['bridge', 'answered a1 10.0.0.9>10.0.0.50:8080'],
  ['private', 'answered a1 10.0.0.9>10.0.0.50:8080'],
  ['vepa', 'answered a1 10.0.0.9>10.0.0.50:8080'],
  [
    'source',
    'unknown client neighbour: nobody known has 10.0.0.50: eth0 of a1 is a device of kind macvlan, mode source, which is not modelled',
  ],
])('macvlan of mode %s, from another machine: %s', (mode, then) => {
  const topology = site({ a1: own, joins: [lan, child('macvlan', mode), veth('v2', 'a2')] })
  expect(said(sent(topology, 'client', 'tcp 10.0.0.50:8080'))).toBe(then)
})

test('a tunnel in the bridge opens nothing for a container that is known', () => {
  const host = { devices: [eth0('10.0.0.1/24'), bridge, port('v1'), port('v2'), port('vx0', { kind: 'vxlan' })] }
  expect(said(sent(site({ host }), 'host', 'tcp 172.20.0.2:8080'))).toBe('answered a1 172.20.0.1>172.20.0.2:8080')
  expect(said(sent(site({ host }), 'host', 'tcp 172.20.0.9:8080'))).toContain('vx0 of host is a device of kind vxlan')
})

test('a port of a bridge that has an address hears no answer to its questions', () => {
  const devices = [
    { ...eth0('10.0.0.9/24'), master: 'br0' },
    { name: 'br0', addresses: ['10.0.0.19/24'], kind: 'bridge' },
  ]
  const by = (dev: string): string =>
    said(sent(site({ client: { devices, routes: [`10.0.0.2/32 dev ${dev}`] } }), 'client', 'tcp 10.0.0.2:80'))
  expect(by('eth0')).toBe('unreachable client neighbour')
  expect(by('br0')).toMatch(/^answered peer/)
})

test('a foreign source may be sent from where a setting allows it', () => {
  const from = (settings: Readonly<Record<string, number>>): string =>
    said(sent(site({ client: { settings } }), 'client', 'tcp 10.0.0.2:80', { src: '10.0.0.77' }))
  expect(from({})).toBe('unreachable client no-route')
  expect(from({ 'net.ipv4.ip_nonlocal_bind': 1 })).toMatch(/^unknown client route: 10.0.0.77 is no address of client/)
})

test('for whom a proxy of neighbour discovery answers was not read', () => {
  const on = { 'net.ipv6.conf.eth0.proxy_ndp': 1, 'net.ipv6.conf.eth0.forwarding': 1 }
  const asked = (settings: Readonly<Record<string, number>>) =>
    said(sent(site({ peer: { settings } }), 'client', 'tcp [fd00::77]:80'))
  expect(asked({})).toBe('unreachable client neighbour')
  expect(asked({ ...on, 'net.ipv6.conf.eth0.forwarding': 0 })).toBe('unreachable client neighbour')
  expect(asked(on)).toBe(
    'unknown client neighbour: eth0 of peer may answer for fd00::77: net.ipv6.conf.eth0.proxy_ndp is on',
  )
})
