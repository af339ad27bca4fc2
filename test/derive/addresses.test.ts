import { expect, test } from 'vitest'
import { addressesOf } from '../../src/derive/walk/addresses.ts'
import type { AllocRecord } from '../../src/knowledge/shapes/runtime.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const path: Thing = {
  id: 'path:p',
  kind: 'path',
  about: 'path:p',
  links: { 'target.group': 'group:default:shop/api', 'target.alloc': 'alloc:one' },
  many: {},
  names: {},
}

const at = (id: string, hostPort: number, more: Partial<AllocRecord> = {}) =>
  ({
    id,
    job: 'shop',
    group: 'api',
    namespace: 'default',
    clientStatus: 'running',
    ports: [{ label: 'http', hostIp: '10.0.0.11', hostPort, to: 8080, hostNetwork: 'default' }],
    ...more,
  }) as unknown as AllocRecord

const dialled = (port: number, allocations: readonly AllocRecord[]) =>
  addressesOf(path, {
    'path.dials': [{ host: '10.0.0.11', port, from: 'API of template local/api.env' }],
    'path.registered': [{ address: '10.0.0.11', port: 20001 }],
    'every.node.allocations': [{ id: 'node:n', about: 'node:c1', value: allocations }],
  }).map((one) => one.port)

test('an address of another running instance is followed with that instance', () => {
  expect(dialled(20002, [at('one', 20001), at('two', 20002)])).toEqual([20001])
})

test.each<[string, AllocRecord]>([
  ['the instance itself', at('one', 20002)],
  ['an instance that ended', at('two', 20002, { clientStatus: 'complete' })],
  ['an allocation of another group', at('two', 20002, { group: 'web' })],
  ['an allocation of the same name in another namespace', at('two', 20002, { namespace: 'blue' })],
])('an address of %s is followed here', (_, other) => {
  expect(dialled(20002, [at('one', 20001), other])).toEqual([20002, 20001])
})

test('where the allocations of the clients are refused, every address is followed', () => {
  const known = { 'path.dials': [{ host: '10.0.0.11', port: 20002, from: 'case' }] }
  expect(addressesOf(path, known).map((one) => one.port)).toEqual([20002])
})

test('the address a person says is dialled is followed once, also where the way of the source is not known', () => {
  const told: Thing = { ...path, names: { dials: '10.0.0.12:7000' } }
  const said = { host: '10.0.0.12', port: 7000, from: 'case' }
  expect(addressesOf(told, {})).toEqual([said])
  expect(addressesOf(told, { 'path.dials': [said] })).toEqual([said])
})

test('the port that the person names comes first, whatever a service registers', () => {
  const mapped = { label: 'six', hostIp: 'fd77::11', hostPort: 26508, to: 8086, hostNetwork: 'six' }
  const known = {
    'path.dials': [],
    'path.registered': [{ address: '10.0.0.11', port: 20001 }],
    'path.port': { label: 'six', number: null, mapped },
  }
  const ports = (names: Thing['names']) => addressesOf({ ...path, names }, known).map((one) => one.port)
  expect(ports({})).toEqual([20001, 26508])
  expect(ports({ port: 'six' })).toEqual([26508, 20001])
  expect(ports({ port: 'six', dials: '10.0.0.11:20001' })[0]).toBe(20001)
})
