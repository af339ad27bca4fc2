import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { record } from '../../src/knowledge/samples.ts'
import type { WalkPlace } from '../../src/knowledge/shapes/walk.ts'
import type { Topology } from '../../src/packet/walk/index.ts'
import { eth0, lan, site } from '../packet/walk/site.ts'
import { worldOf } from '../world.ts'

// The host port 25000 of allocation a1 is mapped by 10.0.0.1, and called by fd00::1.

const places: Readonly<Record<string, WalkPlace>> = {
  host: { kind: 'client', label: 'client c1', node: 'host' },
  client: { kind: 'client', label: 'client c2', node: 'peer' },
  a2: { kind: 'alloc', label: 'allocation a2', node: 'peer', alloc: 'a2' },
}
const mapped = { label: 'http', hostIp: '10.0.0.1', hostPort: 25_000, to: 8080, hostNetwork: 'default' }
const dial = { host: 'fd00::1', port: 25_000, from: 'case' }

function door(topology: Topology, caller: string, namespace: string, own?: string): unknown {
  const outside = namespace === 'outside'
  const given = {
    'path.network': { topology, places },
    'path.dials': [dial],
    'path.registered': [],
    'path.port': { label: 'http', number: null, mapped },
    'path.place': outside ? 'outside' : 'other-client',
    'path.caller-namespace': namespace,
    'target.alloc.record': record('a1', { ports: [mapped], ...(own === undefined ? {} : { addressV6: own }) }),
    'every.node.allocations': [],
    'target.alloc.listeners': [],
    'target.node.links': topology.namespaces['host']?.links,
  }
  const source = outside
    ? { 'source.node': null, 'source.alloc': null }
    : { 'source.node': 'node:peer', 'source.alloc': 'alloc:a2' }
  const links = { ...source, 'target.node': 'node:host', 'target.alloc': 'target.alloc:example' } as const
  const names = { caller, dials: '[fd00::1]:25000' }
  const { world, thing } = worldOf('path', given)
  const path = { ...thing, names, links: { ...thing.links, ...links } }
  const facts = new Map(world.facts)
  for (const [role, id] of Object.entries(links)) {
    const known = world.facts.get(thing.links[role as 'target.node'] ?? '')
    if (known && id !== null) facts.set(id, known)
  }
  const rules = derivations.filter(({ provides }) => !(provides in given))
  const held = derive({ things: new Map([...world.things, [path.id, path]]), facts }, rules)
    .facts.get(path.id)
    ?.get('path.six-door')
  return held?.known ? held.value : held
}

test('a caller outside that is named by its address is refused by the client', () => {
  const shut = { place: 'client c1', address: 'fd00::1', outcome: 'refused', mapped: '10.0.0.1' }
  expect(door(site(), 'outside:fd00::20', 'outside')).toMatchObject(shut)
  expect(door(site(), 'outside:[fd00::20]:4000', 'outside')).toMatchObject(shut)
})

test('a caller outside is answered where something takes it', () => {
  const host = { devices: [eth0('10.0.0.1/24', 'fd00::1/64')], listen: ['tcp *:25000'] }
  expect(door(site({ host, joins: [lan] }), 'outside:fd00::20', 'outside')).toBeNull()
})

test('an allocation without IPv6 has no way to an address that leads nowhere', () => {
  const a2 = { devices: [eth0('172.20.0.3/24')], routes: ['default via 172.20.0.1 dev eth0'] }
  const shut = { place: 'allocation a2', outcome: 'unreachable', mapped: '10.0.0.1' }
  expect(door(site({ a2 }), 'shop/web', 'group')).toMatchObject(shut)
  // With an address of its own the port may be mapped over IPv6 as well.
  expect(door(site({ a2 }), 'shop/web', 'group', 'fd20::2')).toBeNull()
})
