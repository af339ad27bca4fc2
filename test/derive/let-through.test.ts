import { expect, test } from 'vitest'
import { letThroughDerivation } from '../../src/derive/walk/let-through.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const path: Thing = { id: 'p', kind: 'path', about: 'path', names: {}, links: {}, many: {} }
const places = { 'client c1': { kind: 'client', label: 'client c1', node: 'n1' } }
const links = [
  { name: 'eth0', kind: 'ether' },
  { name: 'nomad', kind: 'bridge' },
  { name: 'veth1', kind: 'veth', master: 'nomad' },
  { name: 'br0', kind: 'bridge' },
  { name: 'eth1', kind: 'ether', master: 'br0' },
]
const dial = { host: '10.0.0.2', port: 25001, from: 'registered address' }
const lost = (oif: string) => ({
  dial,
  places,
  begins: 'source',
  outcome: 'unknown',
  traces: [
    {
      verdict: {
        kind: 'unknown',
        because: 'nobody known has 10.0.0.2',
        where: { namespace: 'client c1', at: 'neighbour', by: 'kernel', oif },
      },
    },
  ],
})
const there = { dial, places, begins: 'client', outcome: 'answered', traces: [] }
const ends = { remote: { host: '10.0.0.2', port: 25001, outcome: 'timed-out' }, local: null, others: false }

const letThrough = (oif: string): unknown => {
  const known = { 'path.walks': [lost(oif), there], 'source.node.links': links }
  const made = letThroughDerivation.make({ 'path.ends': ends }, known, path, {})
  return 'value' in (made as object) ? (made as { value: unknown }).value : 'unknown'
}

test.each([
  ['an interface', 'eth0', true],
  ['a bridge with an interface', 'br0', true],
  ['the bridge of the allocations', 'nomad', 'unknown'],
])('a packet lost behind %s of the client', (_, oif, found) => expect(letThrough(oif)).toBe(found))
