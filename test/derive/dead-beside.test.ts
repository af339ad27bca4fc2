import { expect, test } from 'vitest'
import { deadBeside } from '../../src/derive/walk/dead-beside.ts'
import { record, task } from '../../src/knowledge/samples.ts'
import type { Called } from '../../src/knowledge/shapes/said.ts'
import type { PathNetwork } from '../../src/knowledge/shapes/walk.ts'
import type { Thing } from '../../src/knowledge/things.ts'
import type { Machine } from '../packet/walk/machine.ts'
import { site } from '../packet/walk/site.ts'

// The allocation a1 on client c1, 172.20.0.1 inside, calls its target and a place beside it.

const path: Thing = {
  id: 'p',
  kind: 'path',
  about: 'path',
  names: {},
  links: { 'source.node': 'node:n1', 'source.alloc': 'alloc:a1' },
  many: {},
}
const places: PathNetwork['places'] = {
  host: { kind: 'client', label: 'client c1', node: 'n1' },
  a1: { kind: 'alloc', label: 'allocation a1', node: 'n1', alloc: 'a1' },
}
const called = (port: number, host = '172.20.0.1'): Called => ({
  task: 'server',
  host,
  port,
  from: 'env BACKUP of task server',
  text: '',
  at: [{}, 'env'],
})
const right = { host: '10.0.0.9', port: 25001, from: 'env PRIMARY of task server' }
const given = (calls: readonly Called[], host: Partial<Machine> = {}) => ({
  'source.group.calls': calls,
  'source.task.spec': task({ name: 'server' }),
  'path.network': { topology: site({ host }), places },
  'path.caller-namespace': 'group' as const,
  'every.node.allocations': [
    {
      about: 'node:c1',
      id: 'node:n1',
      value: [
        record('a9', {
          ports: [{ label: 'web', hostIp: '172.20.0.1', hostPort: 22000, to: 0, hostNetwork: 'default' }],
        }),
      ],
    },
  ],
})
const found = (known: Partial<ReturnType<typeof given>>) => deadBeside(path, [right], known)

test('a number of a client that nobody has, and on which nothing listens, is dead', () => {
  expect(found(given([called(25002)]))).toMatchObject({ place: 'client c1', called: { port: 25002 } })
})

test.each<[string, readonly Called[]]>([
  ['no other place', [called(right.port, right.host)]],
  ['the port of another allocation', [called(22000)]],
  ['a place of another task', [{ ...called(25002), task: 'other' }]],
  ['its own loopback', [called(25002, '127.0.0.1')]],
  ['a machine that is no client of the path', [called(25002, '10.9.9.9')]],
])('with %s there is none', (_, calls) => expect(found(given(calls))).toBeNull())

test.each(['tcp', 'udp'])('nor where somebody listens for %s', (proto) =>
  expect(found(given([called(25002)], { listen: [`${proto} *:25002`] }))).toBeNull(),
)

test('nor where a rule lets it go nowhere: that is no port that nobody has', () => {
  expect(found(given([called(25002)], { iptables: { filter: ['INPUT -j DROP'] } }))).toBeNull()
})

test.each([
  'source.group.calls',
  'source.task.spec',
  'path.network',
  'every.node.allocations',
  'path.caller-namespace',
] as const)('without %s it is not known', (key) => {
  const { [key]: _, ...rest } = given([called(25002)])
  expect(found(rest)).toBeUndefined()
})

test('behind a rule that cannot be read it is not known', () => {
  const blind = { iptables: { nat: ['PREROUTING -m geoip --source-country XX -j DNAT --to-destination 172.20.0.3:1'] } }
  expect(found(given([called(25002)], blind))).toBeUndefined()
})
