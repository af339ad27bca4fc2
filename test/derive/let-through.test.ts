import { expect, test } from 'vitest'
import { letThroughDerivation } from '../../src/derive/walk/let-through.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const path: Thing = { id: 'p', kind: 'path', about: 'path', names: {}, links: {}, many: {} }
const places = {
  'client c1': { kind: 'client', label: 'client c1', node: 'n1' },
  'client c2': { kind: 'client', label: 'client c2', node: 'n2' },
}
const links = [
  { name: 'eth0', kind: 'ether' },
  { name: 'nomad', kind: 'bridge' },
  { name: 'veth1', kind: 'veth', master: 'nomad' },
  { name: 'br0', kind: 'bridge' },
  { name: 'eth1', kind: 'ether', master: 'br0' },
]
const dial = { host: '10.0.0.2', port: 25001, from: 'registered address' }
/** Here a bridge of that name leads to allocations, there to other machines. */
const others = [
  { name: 'br0', kind: 'bridge' },
  { name: 'veth9', kind: 'veth', master: 'br0' },
  { name: 'nomad', kind: 'bridge' },
  { name: 'eth1', kind: 'ether', master: 'nomad' },
]
const namespaces = { 'client c1': { links, unread: [] }, 'client c2': { links: others, unread: [] } }
const lost = (oif: string, namespace: string) => ({
  dial,
  places,
  begins: 'source',
  outcome: 'unknown',
  traces: [
    {
      verdict: {
        kind: 'unknown',
        because: 'nobody known has 10.0.0.2',
        where: { namespace, at: 'neighbour', by: 'kernel', oif },
      },
    },
  ],
})
const there = { dial, places, begins: 'client', outcome: 'answered', traces: [] }
const ends = { remote: { host: '10.0.0.2', port: 25001, outcome: 'timed-out' }, local: null, others: false }

const letThrough = (oif: string, namespace = 'client c1'): unknown => {
  const known = { 'path.walks': [lost(oif, namespace), there], 'path.network': { topology: { namespaces }, places } }
  const made = letThroughDerivation.make({ 'path.ends': ends }, known, path, {})
  return 'value' in (made as object) ? (made as { value: unknown }).value : 'unknown'
}

test.each([
  ['an interface', 'eth0', true],
  ['a bridge with an interface', 'br0', true],
  ['the bridge of the allocations', 'nomad', 'unknown'],
])('a packet lost behind %s of the client', (_, oif, found) => expect(letThrough(oif)).toBe(found))

test('a device is judged by the client on which the packet is lost', () => {
  expect(letThrough('br0', 'client c2')).toBe('unknown')
  expect(letThrough('nomad', 'client c2')).toBe(true)
})
