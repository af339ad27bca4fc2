import { expect, test } from 'vitest'
import { addressed } from '../../src/knowledge/own-bridge.ts'
import { routes, uplink } from '../../src/knowledge/crossing-samples.ts'
import { machine } from '../packet/walk/machine.ts'
import type { GivenValues } from '../world.ts'
import { derived } from './client.ts'

// The kernel drops the IPv6 addresses of a bridge that is set down, and nobody puts them back.

const own = machine({ devices: [{ name: 'eth0', addresses: ['172.26.64.2/20', 'fd26::2/64', 'fe80::2/64'] }] }).links
const onBridge = (...addresses: readonly string[]) => ({
  'node.links': machine({ devices: [{ name: 'nomad', addresses, kind: 'bridge' }] }).links,
})
const route = { ...routes[0], family: 6, gateway: 'fd26::1' }
const lost = (but: GivenValues = {}) => {
  const { 'alloc.routes6': six = [route], 'group.network.mode': mode = 'bridge', ...rest } = but
  return derived(
    'alloc.lost-gateway6',
    {
      'alloc.uplink': uplink(),
      'alloc.links': own,
      ...onBridge('172.26.64.1/20', 'fe80::1/64'),
      ...(six === null ? {} : { 'alloc.routes6': six }),
      ...(mode === null ? {} : { 'group.network.mode': mode }),
      ...rest,
    },
    'alloc',
  )
}
const none = { known: true, value: null }

test('the bridge has no address in the IPv6 network of the allocation', () => {
  expect(lost()).toMatchObject({ known: true, value: { address: 'fd26::1', prefix: 64 } })
  expect(lost(onBridge('fd27::1/64'))).toMatchObject({ value: { address: 'fd26::1', prefix: 64 } })
  expect(addressed(uplink(), 'fd26::1', 64).join(' ')).toBe('ip addr add fd26::1/64 dev nomad')
})

test.each<readonly [string, GivenValues]>([
  ['the bridge has the gateway', onBridge('fd26::1/64')],
  ['the bridge has another address of the network', onBridge('fd26::9/64')],
  ['the allocation has no IPv6', { 'alloc.links': machine({ devices: [{ name: 'eth0', addresses: [] }] }).links }],
  ['it is on no bridge', { 'alloc.uplink': uplink({ bridge: null }) }],
  ['it has no eth0', { 'alloc.uplink': null }],
  ['the network is one of the operator, whose gateway may be elsewhere', { 'group.network.mode': 'cni' }],
  ['it has no default route', { 'alloc.routes6': [] }],
  ['its gateway is a router that announced itself', { 'alloc.routes6': [{ ...route, gateway: 'fe80::9' }] }],
])('nothing is lost where %s', (_, but) => {
  expect(lost(but)).toMatchObject(none)
})

test('routes and mode are asked only where the address is lost', () => {
  expect(lost({ 'alloc.routes6': null })).toMatchObject({ known: false })
  expect(lost({ 'group.network.mode': null })).toMatchObject({ known: false })
  expect(lost({ ...onBridge('fd26::1/64'), 'alloc.routes6': null, 'group.network.mode': null })).toMatchObject(none)
})
