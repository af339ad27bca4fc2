import { expect, test } from 'vitest'
import { bridgePlans } from '../../src/derive/bridge-plan.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const client: Thing = { id: 'node:n1', kind: 'node', about: 'node:c1', names: {}, links: {}, many: {} }
const overlap = bridgePlans.find(({ provides }) => provides === 'node.docker.overlap')!
const known = { 'node.bridge.plan': { name: 'nomad', subnet: '172.26.64.0/20', wrong: [] } }
const link = (name: string, address: string) => ({ name, addresses: [{ address, prefix: 16, family: 4 }] })
const bridge = link('nomad', '172.26.64.1')
const refused = { 'node.docker.networks': { why: 'failed', detail: 'Cannot connect to the Docker daemon' } } as const

const found = (maybe: Readonly<Record<string, unknown>>) => overlap.make(known, maybe, client, refused)

test.each([
  ['no interface has its addresses', [bridge, link('eth0', '10.0.0.1')], { value: null }],
  ['a bridge of docker has them', [bridge, link('br-0a1b', '172.26.0.1')], { unknown: { why: 'failed' } }],
])('where docker does not answer, its bridges tell: %s', (_, links, expected) =>
  expect(found({ 'node.links': links })).toMatchObject(expected),
)

test('where nobody answers, nothing is known', () =>
  expect(found({})).toMatchObject({ unknown: { why: 'failed', detail: 'Cannot connect to the Docker daemon' } }))

test('docker itself knows its networks by name', () => {
  const networks = [{ name: 'shop', subnets: ['172.26.0.0/16'] }]
  expect(found({ 'node.docker.networks': networks, 'node.links': [bridge] })).toEqual({
    network: 'shop',
    subnet: '172.26.0.0/16',
  })
})
