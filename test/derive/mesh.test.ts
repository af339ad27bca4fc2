import { describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import {
  group,
  instance,
  meshed,
  nodeDocument,
  record,
  redirected,
  service,
  task,
} from '../../src/knowledge/samples.ts'
import type { ConsulSettings, TaskState } from '../../src/knowledge/shapes/runtime.ts'
import { before } from '../../src/knowledge/version.ts'
import type { Kind } from '../../src/knowledge/things.ts'
import { worldOf } from '../world.ts'

function derived(key: string, kind: Kind, given: Readonly<Record<string, unknown>>): unknown {
  const { world, thing } = worldOf(kind, given)
  const held = derive(world, derivations).facts.get(thing.id)?.get(key)
  return held?.known ? held.value : 'unknown'
}

const state = (changed: Partial<TaskState>, ...said: readonly (readonly [string, string])[]): TaskState => ({
  name: 'connect-proxy-orders',
  state: 'pending',
  failed: false,
  restarts: 0,
  events: said.map(([type, text], time) => ({ type, text, time })),
  ...changed,
})
const node = (attributes: Readonly<Record<string, string>>) => ({ 'node.document': nodeDocument({ attributes }) })

test.each<[string, string, boolean]>([
  ['1.9.0-beta1', '1.9.0', true],
  ['1.9.0', '1.9.0', false],
  ['1.10.0', '1.9.7', false],
  ['v1.9.3+ent', '1.9.7', true],
  ['2.0.5', '1.11.0', false],
  ['', '1.0.0', true],
])('%s is older than %s: %s', (version, bound, expected) => {
  expect(before(version, bound)).toBe(expected)
})

describe('group.mesh', () => {
  const native = service({ connect: { native: true, gateway: false } })
  const gateway = service({ connect: { native: false, gateway: true } })
  test.each([
    ['none', []],
    ['sidecar', [meshed()]],
    ['transparent-proxy', [redirected()]],
    ['gateway', [gateway]],
    ['native', [native]],
  ])('%s', (expected, services) => {
    expect(derived('group.mesh', 'group', { 'group.spec': group({ services }) })).toBe(expected)
  })
})

test.each<[string, string, unknown]>([
  ['none', 'server', 'nginx:1'],
  ['chosen', 'connect-proxy-web', 'docker.io/envoyproxy/envoy:v${NOMAD_envoy_version}'],
  ['pinned', 'connect-proxy-web', 'envoyproxy/envoy:v1.20.1'],
  ['none', 'connect-proxy-web', undefined],
])('the image of Envoy is %s: task %s, image %s', (expected, name, image) => {
  const spec = group({ tasks: [task({ name, config: image === undefined ? {} : { image } })] })
  expect(derived('group.envoy-image', 'group', { 'group.spec': spec })).toBe(expected)
})

describe('alloc.sidecar', () => {
  test.each<[string, TaskState]>([
    ['none', state({ name: 'server' })],
    ['up', state({ state: 'running' }, ['Started', 's'])],
    ['waiting', state({}, ['Received', 'r'])],
    ['no-bootstrap', state({}, ['Task hook failed', 'envoy_bootstrap: error creating bootstrap configuration'])],
    ['up', state({ state: 'running' }, ['Task hook failed', 'envoy_bootstrap: error'], ['Started', 's'])],
    ['no-image', state({}, ['Driver Failure', 'Failed to pull `envoyproxy/envoy:v1`: x509'])],
    ['out-of-memory', state({ state: 'running' }, ['Terminated', 'Exit Code: 137, Exit Message: "OOM Killed"'])],
    ['unsteady', state({ restarts: 2 }, ['Terminated', 'Exit Code: 1'])],
  ])('%s', (expected, one) => {
    expect(derived('alloc.sidecar', 'alloc', { 'alloc.record': record('a1', { tasks: [one] }) })).toBe(expected)
  })
})

describe('node.consul.grpc', () => {
  const settings: Partial<ConsulSettings> = { grpcPort: 8502, grpcTlsPort: 8503 }
  test.each<[unknown, Readonly<Record<string, unknown>>]>([
    ['none', node({})],
    ['off', node({ 'consul.grpc': '-1', 'consul.version': '1.20.0' })],
    ['plain', node({ 'consul.grpc': '8502', 'consul.version': '1.8.7' })],
    ['unknown', node({ 'consul.grpc': '8503', 'consul.version': '1.20.0' })],
    ['tls', { ...node({ 'consul.grpc': '8503', 'consul.version': '1.20.0' }), 'cluster.consul.settings': settings }],
    ['plain', { ...node({ 'consul.grpc': '8502', 'consul.version': '1.20.0' }), 'cluster.consul.settings': settings }],
  ])('%s', (expected, given) => {
    expect(derived('node.consul.grpc', 'node', given)).toBe(expected)
  })
})

describe('group.consul.registered', () => {
  const alloc = '12fef216-f6eb-31a4-cb2f-75fb3be320cd'
  const consul = group({ services: [service({ provider: 'consul' })] })
  const given = (instances: readonly unknown[] | undefined, changed = consul, records = [record(alloc)]) => ({
    'group.spec': changed,
    'group.current': records,
    ...(instances
      ? { 'every.service.consul': [{ about: 'service:orders', id: 'service:default:orders', value: instances }] }
      : {}),
  })
  test.each<[unknown, Readonly<Record<string, unknown>>]>([
    ['none-wanted', given(undefined, group())],
    ['none-running', given(undefined, consul, [])],
    ['unknown', given(undefined)],
    ['all', given([instance(alloc)])],
    ['missing', given([])],
    [
      'all',
      given([], consul, [
        record(alloc, { tasks: [{ name: 'server', state: 'pending', failed: false, restarts: 0, events: [] }] }),
      ]),
    ],
  ])('%s', (expected, values) => {
    expect(derived('group.consul.registered', 'group', values)).toBe(expected)
  })
})
