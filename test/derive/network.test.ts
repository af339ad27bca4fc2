import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { networkDerivation } from '../../src/derive/walk/network.ts'
import { value } from '../../src/knowledge/held.ts'
import type { Link } from '../../src/knowledge/shapes/packet.ts'
import { worldOf, type GivenValues } from '../world.ts'

const link = (name: string, index: number, address: string | null, more: Partial<Link>): Link => ({
  name,
  index,
  kind: 'ether',
  up: true,
  carrier: true,
  flags: [],
  operstate: 'UP',
  mtu: 1500,
  addresses: address === null ? [] : [{ family: 4, address, prefix: 24, scope: 'global', flags: [] }],
  ...more,
})
const node = (label: string, links: readonly Link[]) => ({ label, state: { links, unread: [] } })

/** The joins of a path from one client to an allocation on another. */
function joined(here: readonly Link[], own: readonly Link[], there: readonly Link[]): readonly string[] {
  const given: GivenValues = {
    'source.node.kernel': node('c1', here),
    'target.node.kernel': node('c2', there),
    'source.alloc.kernel': node('a0', []),
    'target.alloc.kernel': node('a1', own),
  }
  const { world, thing } = worldOf('path', given)
  const grown = derive(world, [networkDerivation])
  const { joins } = value(grown, thing.id, 'path.network')!.topology
  return joins.map((one) =>
    one.kind === 'wire'
      ? `wire ${one.ports.map(({ namespace, device }) => `${namespace} ${device}`).join(', ')}`
      : one.kind === 'veth'
        ? `veth ${one.a.namespace} ${one.a.device} - ${one.b.namespace} ${one.b.device}`
        : `${one.kind} ${one.child.namespace} ${one.child.device} on ${one.parent.namespace} ${one.parent.device}`,
  )
}
const nic = (n: number): Link => link('eth0', 2, `10.0.0.${n}`, {})

test("a cable of the path's allocation is known by the numbers of both ends, and cables of others join nothing", () => {
  const own = [link('eth0', 3, '172.26.64.2', { kind: 'veth', beneath: { index: 9, netns: 0 } })]
  const bridge = link('nomad', 5, '172.26.64.1', { kind: 'bridge' })
  const end = (name: string, index: number, other: number): Link =>
    link(name, index, null, { kind: 'veth', master: 'nomad', beneath: { index: other, netns: 1 } })
  const there = [nic(2), bridge, end('vethx', 9, 3), end('vethother', 10, 3), end('vethdocker', 11, 9)]
  expect(joined([nic(1)], own, there)).toEqual(['veth a1 eth0 - c2 vethx', 'wire c1 eth0, c2 eth0'])
})

test('what a macvlan device sits on is on its wire all the same', () => {
  const own = [link('eth0', 3, '10.0.0.50', { kind: 'macvlan', mode: 'bridge', beneath: { index: 2, netns: 0 } })]
  expect(joined([nic(1)], own, [nic(2)])).toEqual(['macvlan a1 eth0 on c2 eth0', 'wire c1 eth0, c2 eth0'])
  const shim = link('shim', 7, '10.0.0.60', { kind: 'macvlan', mode: 'bridge', beneath: { name: 'eth0' } })
  expect(joined([nic(1)], [], [nic(2), shim])).toEqual(['macvlan c2 shim on c2 eth0', 'wire c1 eth0, c2 eth0'])
})

test.each([
  ['vlan', true],
  ['bond', true],
  ['team', true],
  ['vxlan', false],
  ['wireguard', false],
  ['tun', false],
  ['geneve', false],
  ['gretap', false],
])('whether a device of kind %s is on a wire: %s', (kind, wired) => {
  const over = (n: number): Link => link('x0', 4, `192.168.0.${n}`, { kind })
  expect(joined([over(1)], [], [over(2)])).toEqual(wired ? ['wire c1 x0, c2 x0'] : [])
})
