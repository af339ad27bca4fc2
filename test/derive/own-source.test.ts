import { expect, test } from 'vitest'
import { outcomeOf, walkPast } from '../../src/packet/walk/index.ts'
import type { Machine } from '../packet/walk/machine.ts'
import { bridge, eth0, port, site } from '../packet/walk/site.ts'
import { derived } from './client.ts'

const doors = ['PREROUTING -p tcp -m tcp --dport 81 -j DNAT --to-destination 172.20.0.2:8080']
const hairpin = {
  settings: { 'net.bridge.bridge-nf-call-iptables': 1 },
  devices: [eth0('10.0.0.1/24'), bridge, port('v1', { hairpin: true }), port('v2')],
}
const masked = [...doors, 'POSTROUTING -s 172.20.0.0/24 -d 172.20.0.2/32 -j MASQUERADE']
const dials = [{ host: '172.20.0.1', port: 81, from: 'env SELF of task web' }]

/** The allocation a1 calls a port of its host, on a client with this jump in POSTROUTING. */
function called(host: Partial<Machine>, entry = 'self', jump: readonly unknown[] = []) {
  const topology = site({ host: { iptables: { nat: doors }, ...host } })
  const traces = walkPast(topology, { namespace: 'a1' }, { proto: 'tcp', dst: '172.20.0.1', dport: 81 })
  const [first] = traces
  const walked = {
    dial: dials[0],
    begins: 'source',
    start: { namespace: 'a1' },
    wanted: { proto: 'tcp', dst: '172.20.0.1', dport: 81 },
    places: { host: { kind: 'client', label: 'client c1' } },
    traces,
    outcome: first && outcomeOf(first),
    unread: [],
  }
  const save = { tables: [{ name: 'nat', chains: [{ name: 'POSTROUTING', policy: 'ACCEPT', rules: jump }] }] }
  const given = { 'path.entry': entry, 'path.dials': dials, 'path.past': [walked], 'path.followed': true }
  return derived('path.own-source', { ...given, 'target.node.iptables': save })
}

const lost = { place: 'client c1', source: '172.20.0.2', address: '172.20.0.1', port: 81, from: 'env SELF of task web' }

test.each([
  ['sent back by the port it came in by', hairpin],
  ['routed, as bridged frames do not meet iptables', {}],
])('a call to itself that keeps its source is dropped where it began: %s', (_, host) => {
  expect(called(host)).toMatchObject({ known: true, value: { ...lost, jump: false } })
})

test('whether the jump is there is told', () => {
  const jump = { n: 1, line: 1, text: '', matches: [], target: { kind: 'jump', chain: 'CNI-HOSTPORT-MASQ' } }
  expect(called(hairpin, 'self', [jump])).toMatchObject({ known: true, value: { jump: true } })
})

test.each<[string, Partial<Machine>, string?]>([
  ['it gets another source', { ...hairpin, iptables: { nat: masked } }],
  ['the bridge does not turn it around', { settings: hairpin.settings }],
  ['it leads to somebody else', { ...hairpin, iptables: { nat: doors.map((one) => one.replace('0.2:', '0.3:')) } }],
  ['another allocation calls', hairpin, 'bridge'],
])('none does where %s', (_, host, entry) => {
  expect(called(host, entry)).toMatchObject({ known: true, value: null })
})

test('it is not known where the walk is not', () => {
  const odd = ['PREROUTING -m geoip --source-country XX -j DROP', ...doors]
  expect(called({ ...hairpin, iptables: { nat: odd } })).toMatchObject({ known: false })
  expect(derived('path.own-source', { 'path.entry': 'self', 'path.dials': dials })).toMatchObject({ known: false })
  expect(derived('path.own-source', { 'path.entry': 'self', 'path.dials': [] })).toMatchObject({ value: null })
})
