import { expect, test } from 'vitest'
import { outcomeOf, walkPast } from '../../src/packet/walk/index.ts'
import { type Machine } from '../packet/walk/machine.ts'
import { bridge, eth0, port, site } from '../packet/walk/site.ts'
import { group, record, task } from '../../src/knowledge/samples.ts'
import { derived } from './client.ts'
import { derived as ofPath } from './path-cases.ts'

const doors = ['PREROUTING -p tcp -m tcp --dport 81 -j DNAT --to-destination 172.20.0.2:8080']
const on = { 'net.bridge.bridge-nf-call-iptables': 1 }
const dials = [{ host: '172.20.0.1', port: 81, from: 'env SELF of task web' }]

/** The allocation a1 calls a port of its host that leads back to it. */
function walked(host: Partial<Machine>, from: string) {
  const topology = site({ host: { iptables: { nat: doors }, ...host } })
  const traces = walkPast(topology, { namespace: 'a1' }, { proto: 'tcp', dst: '172.20.0.1', dport: 81 })
  const [first] = traces
  return {
    dial: { host: '172.20.0.1', port: 81, from },
    begins: 'source',
    start: { namespace: 'a1' },
    wanted: { proto: 'tcp', dst: '172.20.0.1', dport: 81 },
    places: { host: { kind: 'client', label: 'client c1' } },
    traces,
    outcome: first && outcomeOf(first),
    unread: [],
  }
}

const called = (host: Partial<Machine>, from = 'env SELF of task web') =>
  derived('path.turned-back', { 'path.dials': dials, 'path.past': [walked(host, from)], 'path.followed': true })

test('a call to itself ends at the port it came in by, where bridged frames meet iptables', () => {
  expect(called({ settings: on })).toMatchObject({
    known: true,
    value: { place: 'client c1', bridge: 'br0', veth: 'v1', address: '172.20.0.1', port: 81 },
  })
})

test.each<[string, Partial<Machine>, string?]>([
  [
    'hairpin is on',
    { settings: on, devices: [eth0('10.0.0.1/24'), bridge, port('v1', { hairpin: true }), port('v2')] },
  ],
  ['it is routed', {}],
  ['it leads to somebody else', { settings: on, iptables: { nat: doors.map((one) => one.replace('0.2:', '0.3:')) } }],
  ['nobody dials the address', { settings: on }, 'registered address'],
])('it does not where %s', (_, host, from) => {
  expect(called(host, from)).toMatchObject({ known: true, value: null })
})

test('behind a rule that stops it, it ends there as well', () => {
  const before = { settings: on, iptables: { nat: doors, raw: ['PREROUTING -j DROP'] } }
  expect(called(before)).toMatchObject({ known: true, value: { bridge: 'br0', veth: 'v1' } })
})

test('it is not known where the walk is not', () => {
  expect(
    called({ settings: on, iptables: { nat: ['PREROUTING -m geoip --source-country XX -j DROP', ...doors] } }),
  ).toMatchObject({
    known: false,
  })
  expect(derived('path.turned-back', { 'path.dials': dials })).toMatchObject({ known: false })
  expect(derived('path.turned-back', { 'path.dials': [] })).toMatchObject({ known: true, value: null })
})

test('where its own texts name no address, the registered one is what is asked about', () => {
  const silent = {
    'source.task.spec': task({ name: 'web' }),
    'source.group.spec': group({ name: 'web' }),
    'target.group.spec': group({ name: 'web' }),
    'every.node.allocations': [],
    'target.alloc.record': record('a1', { address: '172.20.0.2' }),
    'cluster.nodes': [],
  }
  const given = { 'path.past': [walked({ settings: on }, 'registered address')], 'path.followed': true }
  expect(ofPath('path.turned-back', { given: { ...silent, ...given } })).toMatchObject({
    known: true,
    value: { veth: 'v1' },
  })
  // They name its sibling: whoever that is, nobody calls the registered address.
  const loop = task({ name: 'web', config: { args: ['http://server:8080/'] } })
  const both = group({ name: 'web', tasks: [loop, task({ name: 'server' })] })
  const named = { 'source.task.spec': loop, 'source.group.spec': both, 'target.group.spec': both }
  const links = { 'target.group': 'source.group:example' }
  expect(ofPath('path.turned-back', { given: { ...silent, ...named, ...given }, links })).toMatchObject({
    known: true,
    value: null,
  })
  // Its texts were not read: it may call itself by 127.0.0.1.
  expect(ofPath('path.turned-back', { given })).toMatchObject({ known: false })
})
