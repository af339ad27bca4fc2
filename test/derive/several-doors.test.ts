import { expect, test } from 'vitest'
import type { Way } from '../../src/knowledge/shapes/crossing.ts'
import { record } from '../../src/knowledge/samples.ts'
import type { Topology } from '../../src/packet/walk/index.ts'
import { hostFacts, sited, verdictOf } from '../oracle/judged.ts'
import type { Machine } from '../packet/walk/machine.ts'
import { bridge, eth0, said, sent, site } from '../packet/walk/site.ts'
import type { GivenValues } from '../world.ts'

// Two interfaces of the target's client on one network: either may answer for any address of it.

const eth1 = { name: 'eth1', addresses: ['10.0.0.101/24'], mac: '02:00:00:00:01:01' }
const away = {
  devices: [{ ...eth0('10.0.0.1/24'), mac: '02:00:00:00:00:01' }, eth1, bridge],
  routes: ['10.0.0.9/32 dev eth1'],
  listen: ['tcp *:25000'],
}
const lan = {
  kind: 'wire',
  name: 'lan',
  ports: [
    { namespace: 'client', device: 'eth0' },
    { namespace: 'host', device: 'eth0' },
    { namespace: 'host', device: 'eth1' },
  ],
} as const
const strict = { 'net.ipv4.conf.all.rp_filter': 1 }
const links = { 'source.node': 'node:peer', 'target.node': 'node:host', 'target.alloc': 'alloc:x' }

const known = (state: string): Partial<Machine> => ({
  neighbours: [{ dst: '10.0.0.1', dev: 'eth0', lladdr: '02:00:00:00:00:01', state: [state] }],
})
const topologyOf = (host: Partial<Machine>, client: Partial<Machine> = {}): Topology =>
  site({ client, host: { ...away, ...host }, joins: [lan] })

const given = (topology: Topology, network = true): GivenValues => ({
  ...hostFacts(topology),
  'target.alloc.record': record('x'),
  'target.group.network.mode': 'host',
  'target.task.namespace': 'host',
  'source.node.addresses': ['10.0.0.9'],
  'path.entry': 'lan',
  'path.place': 'other-client',
  'path.caller-namespace': 'host',
  'path.port': { label: 'http', number: null, mapped: record('x').ports[0] },
  ...(network
    ? {
        'path.network': {
          topology,
          places: {
            host: { kind: 'client', label: 'client c1', node: 'host' },
            client: { kind: 'client', label: 'client c2', node: 'peer' },
          },
        },
      }
    : {}),
})

function wayOf(from: GivenValues): Way | undefined {
  const { thing, world } = sited('path', from, links)
  const held = world.facts.get(thing.id)?.get('path.inbound.way')
  return held?.known ? (held.value as Way) : undefined
}

test('a strict filter drops the question at one, so packets come in by the other and arrive', () => {
  const topology = topologyOf({ settings: strict })
  expect(said(sent(topology, 'client', 'tcp 10.0.0.1:25000'))).toBe('answered host 10.0.0.9>10.0.0.1:25000')
  expect(wayOf(given(topology))).toMatchObject({ in: 'eth1', sources: ['10.0.0.9'] })
  expect(verdictOf('rp-filter-strict', given(topology), links)).toBe('absent')
})

test('while the caller knows the one whose packets are dropped, they are', () => {
  const topology = topologyOf({ settings: strict }, known('REACHABLE'))
  expect(said(sent(topology, 'client', 'tcp 10.0.0.1:25000'))).toMatch(/^silent host/)
  expect(wayOf(given(topology))).toMatchObject({ in: 'eth0' })
  expect(verdictOf('rp-filter-strict', given(topology), links)).toBe('present')
  // What it knew longer ago counts for nothing.
  expect(verdictOf('rp-filter-strict', given(topologyOf({ settings: strict }, known('FAILED'))), links)).toBe('absent')
})

test('a rule for one of them stops nothing that comes in by the other', () => {
  const iptables = { filter: ['INPUT -i eth0 -j DROP'] }
  expect(verdictOf('host-input-drop', given(topologyOf({ settings: strict, iptables })), links)).toBe('absent')
  const both = { filter: ['INPUT -i eth+ -j DROP'] }
  expect(verdictOf('host-input-drop', given(topologyOf({ settings: strict, iptables: both })), links)).toBe('present')
})

test('before the way there is known, nothing is said', () => {
  expect(wayOf(given(topologyOf({ settings: strict }), false))).toBeUndefined()
  expect(verdictOf('rp-filter-strict', given(topologyOf({ settings: strict }), false), links)).toBe('unknown')
})

test('of a caller that is not named, what is the same by either is known', () => {
  const unnamed = (host: Partial<Machine>): GivenValues => ({
    ...given(topologyOf(host), false),
    'path.place': 'outside',
    'path.caller-namespace': 'outside',
    'source.node.addresses': [],
  })
  expect(wayOf(unnamed({}))).toMatchObject({ in: 'eth0', also: ['eth1'], anyone: true })
  const drop = (device: string): string =>
    verdictOf('host-input-drop', unnamed({ iptables: { filter: [`INPUT -i ${device} -j DROP`] } }), links)
  expect(drop('eth0')).toBe('unknown')
  expect(drop('eth+')).toBe('present')
  expect(drop('br0')).toBe('absent')
})
