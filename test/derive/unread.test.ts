import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { kernelDerivations } from '../../src/derive/walk/kernel.ts'
import { unreadFor } from '../../src/derive/walk/unread.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import { value } from '../../src/knowledge/held.ts'
import { walk, type NamespaceState, type Topology } from '../../src/packet/walk/index.ts'
import { lan, plain, site } from '../packet/walk/site.ts'
import { machine } from '../packet/walk/machine.ts'
import { worldOf, type GivenValues } from '../world.ts'

const why = 'exit code 1'
const wanted = { proto: 'tcp', dst: '10.0.0.2', dport: 80 } as const
const missed = (topology: Topology) =>
  unreadFor(topology.namespaces, walk(topology, { namespace: 'client' }, wanted), wanted)

test('where a way is lost, devices that were not read are named wherever they are', () => {
  const { links: _, ...blind } = machine(plain.peer)
  const peer: NamespaceState = {
    ...blind,
    unread: [
      { argv: 'ip addr', why },
      { argv: 'ss -l', why },
    ],
  }
  const { namespaces } = site()
  const open = { ...lan, open: true, ports: [{ namespace: 'client', device: 'eth0' }] }
  expect(missed({ namespaces: { ...namespaces, peer }, joins: [open] })).toEqual([
    { namespace: 'peer', what: 'ip addr', why },
  ])
  expect(missed({ namespaces: { ...namespaces, a1: peer }, joins: [lan] })).toEqual([])
})

const nodeKernel = kernelDerivations.find(({ provides }) => provides === 'node.kernel')

test('a list of no bridge ports is no answer where a bridge has some', () => {
  const { links } = machine(plain.host)
  const whys = (given: GivenValues): readonly string[] => {
    const { world, thing } = worldOf('node', given)
    const known = world.facts.get(thing.id) as Map<string, Held<unknown>>
    for (const need of nodeKernel?.waits ?? [])
      if (!known.has(need)) known.set(need, { known: false, why: 'not-recorded' })
    const kernel = value(derive(world, kernelDerivations), thing.id, 'node.kernel')
    return (kernel?.state.unread ?? []).filter(({ argv }) => argv === 'bridge link').map((one) => one.why)
  }
  expect(whys({ 'node.links': links, 'node.bridge.ports': [] })).toEqual([
    'the reply is empty, and v1 is a port of br0',
  ])
  const alone = links?.filter(({ master }) => master === undefined)
  expect(whys({ 'node.links': alone, 'node.bridge.ports': [] })).toEqual([])
})
