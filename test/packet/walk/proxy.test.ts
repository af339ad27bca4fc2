import { expect, test } from 'vitest'
import { bridge, eth0, port, said, sent, site, ways } from './site.ts'
import type { Machine } from './machine.ts'

// What takes packets that are meant for others, and what tells connections apart.

const everything = {
  rules: [{ priority: 10, src: 'all', fwmark: '0x1', table: '7' }],
  routes: ['local default dev lo table 7'],
}
const divert = 'PREROUTING -p tcp -j TPROXY --on-port 15001 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1'
const host = (...listen: readonly string[]): Partial<Machine> => ({
  ...everything,
  iptables: { mangle: [divert] },
  listen,
})

test('a transparent proxy takes the packet as it is, if its socket is transparent', () => {
  const found = ways(site({ host: host('tcp *:15001') }), 'client', 'tcp 10.0.0.1:80')
  expect(found.map(said)).toEqual([
    'answered host 10.0.0.9>10.0.0.1:80',
    expect.stringContaining('silent host prerouting'),
  ])
  expect(found[0]?.verdict).toMatchObject({ socket: { port: 15_001 } })
})

test('without its socket the packet is dropped', () => {
  expect(said(sent(site({ host: host() }), 'client', 'tcp 10.0.0.1:80'))).toContain('silent host prerouting')
})

test('connections of another zone are others', () => {
  const stuck =
    'ipv4 2 udp 17 29 src=10.0.0.9 dst=10.0.0.1 sport=5000 dport=53 [UNREPLIED] src=172.20.0.3 dst=10.0.0.9 sport=53 dport=5000 mark=0 zone=7 use=1'
  const machine = (...raw: readonly string[]): Partial<Machine> => ({
    iptables: { raw, nat: ['PREROUTING -p udp -j DNAT --to-destination 172.20.0.2:53'] },
    conntrack: stuck,
  })
  const to = (one: Partial<Machine>): string =>
    said(sent(site({ host: one }), 'client', 'udp 10.0.0.1:53', { sport: 5000 }))
  expect(to(machine())).toBe('answered a1 10.0.0.9>172.20.0.2:53')
  expect(to(machine('PREROUTING -j CT --zone 7'))).toBe('refused a2 10.0.0.9>172.20.0.3:53')
  // The answer is in no zone, so it is translated back by nobody.
  expect(to(machine('PREROUTING -i eth0 -j CT --zone 8'))).toBe('silent a1 10.0.0.9>172.20.0.2:53')
  expect(to(machine('PREROUTING -j CT --zone 8'))).toBe('answered a1 10.0.0.9>172.20.0.2:53')
})

test('a whole network is moved', () => {
  const nat = ['PREROUTING -d 10.0.0.0/24 -p tcp -j NETMAP --to 172.20.0.0/24']
  const client = { routes: ['10.0.0.3/32 via 10.0.0.1 dev eth0'] }
  expect(said(sent(site({ client, host: { iptables: { nat } } }), 'client', 'tcp 10.0.0.3:8080'))).toBe(
    'answered a2 10.0.0.9>172.20.0.3:8080',
  )
})

test('a socket of the address comes before one of the device', () => {
  const listen = ['tcp 0.0.0.0%eth0:22', 'tcp 10.0.0.1:22', 'tcp 0.0.0.0%eth0:23', 'tcp *:23']
  const topology = site({ host: { listen } })
  expect(sent(topology, 'client', 'tcp 10.0.0.1:22').verdict).toMatchObject({ socket: { address: '10.0.0.1' } })
  expect(sent(topology, 'client', 'tcp 10.0.0.1:23').verdict).toMatchObject({ socket: { device: 'eth0' } })
  expect(sent(topology, 'host', 'tcp 10.0.0.1:23').verdict).toMatchObject({ socket: { address: '*' } })
})

test('what is too large for the first way is refused before any rule sees it', () => {
  const devices = [{ ...eth0('10.0.0.1/24'), mtu: 1400 }, bridge, port('v1'), port('v2')]
  const machine = { devices, iptables: { filter: [':OUTPUT DROP'] } }
  const big = { size: 1500 }
  expect(said(sent(site({ host: machine }), 'host', 'udp 10.0.0.2:53', big))).toBe('unreachable host too-big')
  expect(said(sent(site({ host: machine }), 'host', 'udp 10.0.0.2:53', { ...big, df: false }))).toContain(
    'unreachable host output',
  )
})

test('fragments have no ports where nobody puts them together', () => {
  const client = { devices: [{ ...eth0('10.0.0.9/24'), mtu: 1400 }], routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] }
  const cut = { size: 1500, df: false }
  const to = (filter: readonly string[]): string =>
    said(sent(site({ client, host: { iptables: { filter } } }), 'client', 'udp 172.20.0.2:53', cut))
  expect(to(['FORWARD -p udp -m udp --dport 53 -j DROP'])).toContain(
    'unknown host forward: the packet comes in fragments',
  )
  expect(to(['FORWARD -m conntrack --ctstate INVALID -j DROP', 'FORWARD -p udp -m udp --dport 53 -j DROP'])).toContain(
    'silent host forward',
  )
})
