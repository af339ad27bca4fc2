import { expect, test } from 'vitest'
import type { Way } from '../../src/knowledge/shapes/crossing.ts'
import { record } from '../../src/knowledge/samples.ts'
import type { Machine } from '../packet/walk/machine.ts'
import { client, derived, healthy, kernel } from './client.ts'

const { id, namespace } = record('a1')
const way: Way = {
  side: 'target',
  node: 'c1',
  nodeId: 'n1',
  alloc: { id, namespace },
  mode: 'bridge',
  in: 'eth0',
  out: 'nomad',
  sources: ['10.0.0.12'],
  address: '10.0.0.11',
  port: 25_001,
  inside: { address: '172.26.64.2', port: 8080 },
}
const hangs = { peer: '10.0.0.12', port: 8080, waiting: 12_814, mss: 1448, acknowledged: 189 }
const clamped: Partial<Machine> = {
  iptables: {
    ...healthy.iptables,
    mangle: ['FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1200'],
  },
}
const routed: Partial<Machine> = { routes: ['10.0.0.12/32 via 10.0.0.1 dev eth0'] }

const stuckOf = (but: Partial<Machine>, stuck: Record<string, unknown>) =>
  derived('path.stuck', { ...client('target', kernel(but)), 'path.inbound.way': way, ...stuck })
const held = (value: unknown) => ({ known: true, value })

test('full segments are lost where no router lies between', () => {
  const seen = { 'target.alloc.stuck': [hangs] }
  expect(stuckOf({}, seen)).toMatchObject(held({ ...hangs, direct: true }))
  expect(stuckOf(routed, seen)).toMatchObject(held(hangs))
  expect(stuckOf(routed, seen)).not.toMatchObject(held({ direct: true }))
})

test.each([
  ['of another caller', { ...hangs, peer: '10.0.0.13' }],
  ['of another port', { ...hangs, port: 9090 }],
  ['of which nothing arrived', { ...hangs, acknowledged: 0 }],
  ['of which full segments arrived', { ...hangs, acknowledged: 4000 }],
  ['with a small rest', { ...hangs, waiting: 200 }],
])('not a connection %s', (_, one) => {
  expect(stuckOf({}, { 'target.alloc.stuck': [one] })).toMatchObject(held(null))
  expect(stuckOf(routed, { 'target.alloc.stuck': [one] })).toMatchObject(held(null))
})

test('what was opened before a clamp is over', () => {
  expect(stuckOf(clamped, { 'target.alloc.stuck': [hangs] })).toMatchObject(held(null))
})

test('connections that were not looked at are not known', () => {
  expect(stuckOf({}, {})).toMatchObject({ known: false })
  expect(stuckOf(routed, { 'target.alloc.stuck': undefined })).toMatchObject({ known: false })
  const noRules = { ...client('target', kernel({})), 'target.node.iptables': undefined, 'path.inbound.way': way }
  expect(derived('path.stuck', { ...noRules, 'target.alloc.stuck': [hangs] })).toMatchObject({ known: false })
})

test('a case from before they were looked at has them not, where no router lies between', () => {
  expect(stuckOf({}, { 'target.alloc.stuck': undefined })).toMatchObject(held(null))
})
