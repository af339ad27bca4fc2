import { expect, test } from 'vitest'
import { meantOf, servedAt, type Served } from '../../src/derive/walk/meant-protocol.ts'
import type { Listener, Wanted } from '../../src/knowledge/shapes/packet.ts'
import { walk } from '../../src/packet/walk/index.ts'
import { eth0, site, type Site } from '../packet/walk/site.ts'

const socket = (proto: 'tcp' | 'udp', port: number): Listener => ({ proto, address: '*', port, processes: [] })
const mapped = { label: 'dns', hostIp: '10.0.0.1', hostPort: 25001, to: 5353, hostNetwork: 'default' }
const dns = { number: null, mapped }

test.each<[string, Served, readonly Listener[] | undefined, number, Parameters<typeof servedAt>[0]]>([
  ['only a UDP socket listens', 'udp', [socket('udp', 5353), socket('tcp', 80)], 25001, dns],
  ['it is dialled by the port inside', 'udp', [socket('udp', 5353)], 5353, dns],
  ['both listen', 'other', [socket('udp', 5353), socket('tcp', 5353)], 25001, dns],
  ['nobody listens', 'other', [socket('udp', 80)], 25001, dns],
  ['the port is not mapped inside', 'udp', [socket('udp', 25001)], 25001, { ...dns, mapped: { ...mapped, to: 0 } }],
  ['another port is dialled', null, [socket('udp', 5353)], 9191, dns],
  ['the sockets are not known', null, undefined, 25001, dns],
  ['the port is not known', null, [socket('udp', 5353)], 5353, undefined],
])('what is served where %s: %s', (_, served, listeners, dialled, port) => {
  expect(servedAt(port, listeners, dialled)).toBe(served)
})

/** The protocol a call of port 53 at the peer is taken to mean. */
function meant(changes: Site, served: Served = null): Wanted['proto'] {
  const topology = site(changes)
  const by = (proto: Wanted['proto']) => {
    const wanted: Wanted = { proto, dst: '10.0.0.2', dport: 53 }
    return { wanted, traces: walk(topology, { namespace: 'client' }, wanted) }
  }
  return meantOf(topology, by('tcp'), () => by('udp'), served).wanted.proto
}
const input = (...rules: readonly string[]): Site => ({ peer: { iptables: { filter: rules } } })

test('UDP is meant where a UDP socket takes the packet, and where it would take what is dropped on its way', () => {
  expect(meant({})).toBe('udp')
  expect(meant(input('INPUT -p udp -j DROP'))).toBe('udp')
  expect(meant(input('INPUT -j DROP'), 'udp')).toBe('udp')
  expect(meant({ peer: { devices: [eth0('10.0.0.7/24')] } }, 'udp')).toBe('udp')
})

test('TCP is meant where it arrives, where nobody listens and where nothing is known of the target', () => {
  expect(meant({ peer: { listen: ['tcp *:53', 'udp *:53'] } }, 'udp')).toBe('tcp')
  expect(meant({ peer: { listen: ['udp 10.0.0.99:53'] } })).toBe('tcp')
  expect(meant(input('INPUT -j DROP'))).toBe('tcp')
  expect(meant(input('INPUT -j DROP'), 'other')).toBe('tcp')
})
