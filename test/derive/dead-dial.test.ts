import { expect, test } from 'vitest'
import { deadDialDerivation } from '../../src/derive/walk/dead-dial.ts'
import type { Dial } from '../../src/knowledge/facts/path.ts'
import { record, task } from '../../src/knowledge/samples.ts'
import type { PathWalk } from '../../src/knowledge/shapes/walk.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const path: Thing = {
  id: 'p',
  kind: 'path',
  about: 'path',
  names: {},
  links: { 'target.node': 'node:n2' },
  many: {},
}
const places = {
  'client c2': { kind: 'client', label: 'client c2', node: 'n2' },
  'allocation a1': { kind: 'alloc', label: 'allocation a1', alloc: 'a1' },
}
const dial = (port: number, host = '10.0.0.2'): Dial => ({ host, port, from: 'env ORDERS of task web' })
const walk = (port: number, verdict: object, outcome = 'refused') =>
  ({ begins: 'source', dial: dial(port), places, traces: [{ verdict }], outcome }) as unknown as PathWalk
const refused = { kind: 'refused', namespace: 'client c2' }

const found = (
  dials: readonly Dial[],
  walks: readonly PathWalk[] | undefined,
  way = 'fixed-address',
  names: Thing['names'] = {},
): unknown => {
  const mapped = { label: 'web', hostIp: '10.0.0.2', hostPort: 21884, to: 7000, hostNetwork: 'default' }
  const known = { 'path.discovery': way, 'path.dials': dials }
  const port = { label: 'web', number: null, mapped }
  const other = record('a9', {
    ports: [{ label: 'web', hostIp: '10.0.0.2', hostPort: 22000, to: 7000, hostNetwork: 'default' }],
  })
  const clients = [{ about: 'node:c2', id: 'node:n2', value: [other] }]
  const beside = {
    'source.group.calls': [],
    'source.task.spec': task(),
    'path.network': { topology: { namespaces: {}, joins: [] }, places: {} },
  }
  const maybe = {
    'path.port': port,
    'every.node.allocations': clients,
    ...beside,
    ...(walks ? { 'path.walks': walks } : {}),
  }
  const made = deadDialDerivation.make(known, maybe, { ...path, names }, {}) as { value?: unknown; unknown?: unknown }
  return 'value' in made ? made.value : 'unknown'
}

test('a port of the client on which nothing listens is told with the place where the target is', () => {
  expect(found([dial(25000)], [walk(25000, refused)])).toMatchObject({
    place: 'client c2',
    port: 25000,
    label: 'web',
    now: { hostIp: '10.0.0.2', hostPort: 21884 },
  })
})

test.each([
  ['the port of the target beside it', [dial(25000), dial(21884)], [walk(25000, refused)]],
  ['the port of another allocation', [dial(22000)], [walk(22000, refused)]],
  ['another address', [dial(25000, '10.0.0.50')], []],
  [
    'a port that leads into an allocation',
    [dial(25000)],
    [walk(25000, { kind: 'refused', namespace: 'allocation a1' })],
  ],
  ['a port that is answered', [dial(25000)], [walk(25000, { kind: 'arrives' }, 'answered')]],
])('with %s there is none', (_, dials, walks) => expect(found(dials, walks)).toBeNull())

test('whoever asks a catalogue has none written down', () =>
  expect(found([dial(25000)], undefined, 'nomad-template')).toBeNull())

test.each([
  ['no walk', undefined],
  ['a walk of another port', [walk(25001, refused)]],
  ['a walk that ends where nothing was read', [walk(25000, { kind: 'unknown' }, 'unknown')]],
])('with %s it is not known', (_, walks) => expect(found([dial(25000)], walks)).toBe('unknown'))

test('what the person says is dialled and another takes is told with who takes it', () => {
  const socket = { port: 22000, processes: [{ name: 'busybox', pid: 1 }] }
  const taken = {
    ...walk(22000, { kind: 'delivered', namespace: 'client c2', socket }, 'answered'),
    meant: ['allocation a1'],
  }
  const named = { ...dial(22000), from: 'case' }
  expect(found([named], [taken], 'fixed-address', { dials: '10.0.0.2:22000' })).toMatchObject({
    port: 22000,
    taker: 'busybox of client c2',
  })
  expect(found([dial(22000)], [taken])).toBeNull()
})

test('who takes it is told only where every way of the packet ends with a stranger', () => {
  const socket = { port: 22000, processes: [{ name: 'busybox', pid: 1 }] }
  const stranger = { verdict: { kind: 'delivered', namespace: 'client c2', socket } }
  const target = { verdict: { kind: 'delivered', namespace: 'allocation a1', socket } }
  const taken = (...traces: readonly object[]) =>
    found(
      [{ ...dial(22000), from: 'case' }],
      [{ ...walk(22000, {}, 'answered'), traces, meant: ['allocation a1'] } as unknown as PathWalk],
      'fixed-address',
      { dials: '10.0.0.2:22000' },
    )
  expect(taken(stranger, stranger)).toMatchObject({ taker: 'busybox of client c2' })
  expect(taken(stranger, target)).toBeNull()
})

test('a target that is no group has no ports', () => {
  const outside = { ...path, links: { 'target.group': null, 'target.node': null } }
  const known = { 'path.discovery': 'fixed-address', 'path.dials': [dial(25000)] }
  expect(deadDialDerivation.make(known, {}, outside, {})).toMatchObject({ value: null })
})
