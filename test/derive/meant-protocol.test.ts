import { expect, test } from 'vitest'
import { isPortOf, meantOf, udpAlone } from '../../src/derive/walk/meant-protocol.ts'
import type { Listener, Wanted } from '../../src/knowledge/shapes/packet.ts'
import { walk } from '../../src/packet/walk/index.ts'
import { site, type Site } from '../packet/walk/site.ts'

const socket = (proto: 'tcp' | 'udp', port: number): Listener => ({ proto, address: '*', port, processes: [] })
const mapped = { label: 'dns', hostIp: '10.0.0.1', hostPort: 25001, to: 5353, hostNetwork: 'default' }
const dns = { number: null, mapped }

test.each<[string, number | null, readonly Listener[], Parameters<typeof udpAlone>[0]]>([
  ['only a UDP socket listens', 5353, [socket('udp', 5353), socket('tcp', 80)], dns],
  ['both listen', null, [socket('udp', 5353), socket('tcp', 5353)], dns],
  ['nobody listens', null, [socket('udp', 80)], dns],
  ['the port is not mapped inside', 25001, [socket('udp', 25001)], { ...dns, mapped: { ...mapped, to: 0 } }],
])('UDP alone is served where %s: %s', (_, inside, listeners, port) => {
  expect(udpAlone(port, listeners)).toBe(inside)
})

test('a port is dialled by its number at the client, inside, or as it is asked about', () => {
  expect([25001, 5353, 9191].map((dialled) => isPortOf(dns, dialled))).toEqual([true, true, false])
  expect(isPortOf({ number: 9191, mapped: null }, 9191)).toBe(true)
  expect(isPortOf(undefined, 5353)).toBe(false)
})

/** The protocol a call of port 53 at the peer is taken to mean. */
function meant(changes: Site): Wanted['proto'] {
  const topology = site(changes)
  const by = (proto: Wanted['proto']) => {
    const wanted: Wanted = { proto, dst: '10.0.0.2', dport: 53 }
    return { wanted, traces: walk(topology, { namespace: 'client' }, wanted) }
  }
  return meantOf(topology, by('tcp'), () => by('udp')).wanted.proto
}
const input = (...rules: readonly string[]): Site => ({ peer: { iptables: { filter: rules } } })

test('UDP is meant where a UDP socket takes the packet, and where it would take what is dropped on its way', () => {
  expect(meant({})).toBe('udp')
  expect(meant(input('INPUT -p udp -j DROP'))).toBe('udp')
})

test('TCP is meant where it arrives, where nobody listens and where nothing is known of the target', () => {
  expect(meant({ peer: { listen: ['tcp *:53', 'udp *:53'] } })).toBe('tcp')
  expect(meant({ peer: { listen: ['udp 10.0.0.99:53'] } })).toBe('tcp')
  expect(meant(input('INPUT -j DROP'))).toBe('tcp')
})
