import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { missing, worldOf } from '../engine/world.ts'

const clash = { name: 'clash', driver: 'bridge', subnets: ['172.26.64.0/22'], bridge: 'br-23dea409a11e' }
const refused = missing('denied', 'permission denied while trying to connect to the docker daemon socket')
const overlap = { network: 'clash', subnet: '172.26.64.0/22' }

/** By what device the client reaches the allocation, and what docker and the plan of the bridge say. */
const claims = (dev: string, networks: unknown, planned: unknown): unknown => {
  const world = worldOf({
    c1: { kind: 'node', facts: { 'node.docker.networks': networks, 'node.docker.overlap': planned } },
    a1: {
      kind: 'alloc',
      links: { node: 'c1' },
      facts: { 'alloc.host-route': { dst: '172.26.64.0/22', prefix: 22, dev } },
    },
  })
  const held = derive(world, derivations).facts.get('a1')?.get('alloc.docker-claims')
  return held?.known ? held.value : 'unknown'
}

test.each([
  ['the bridge of a network that docker names', clash.bridge, [clash], overlap, 'clash'],
  ['a device that docker does not name', 'tun0', [clash], overlap, null],
  ['a tunnel, where docker did not answer', 'tun0', refused, refused, null],
  ['a device named as docker names them, where docker did not answer', clash.bridge, refused, refused, 'unknown'],
  ["docker's own bridge, where docker did not answer", 'docker0', refused, refused, 'unknown'],
  ['the bridge of a network, where the plan of the bridge is not known', clash.bridge, [clash], refused, 'unknown'],
])('%s', (_, dev, networks, planned, expected) => expect(claims(dev, networks, planned)).toBe(expected))
