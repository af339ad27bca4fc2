import { describe, expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { listening, record } from '../../src/knowledge/samples.ts'
import type { ListeningPort } from '../../src/knowledge/shapes/port.ts'
import { isReachable, signsOf } from '../../src/knowledge/signs.ts'
import { undetermined } from '../../src/knowledge/unsettled.ts'
import { worldOf } from '../engine/world.ts'
import { diagnosed, recordings } from '../recordings.ts'

const said = (up: unknown, every: boolean, leads = false): readonly string[] => {
  const world = worldOf({
    c1: { kind: 'node', facts: up === undefined ? {} : { 'node.up': up } },
    p: { kind: 'path', links: leads ? { 'target.node': 'c1' } : {} },
  })
  return signsOf([...world.things.values()], world, every).map(({ sentence }) => sentence)
}
const down = ['client node:c1 is down: the servers hear nothing of its agent']

test('an allocation that failed is told with what its driver said', () => {
  const text = 'Failed to start container 6b2355: Error response from daemon: No such container: tunnel'
  const facts = (why: string | null) => ({
    a: {
      kind: 'alloc' as const,
      facts: { 'alloc.record': record('a1', { clientStatus: 'failed' }), 'alloc.driver-failure': why },
    },
    p: { kind: 'path' as const, links: { 'target.alloc': 'a' } },
  })
  const says = (why: string | null) => {
    const world = worldOf(facts(why))
    return signsOf([...world.things.values()], world, false).map(({ sentence }) => sentence)
  }
  expect(says(text)).toEqual([expect.stringMatching(/ is failed: Failed to start .* No such container: tunnel$/)])
  expect(says(null)).toEqual([expect.stringMatching(/ is failed$/)])
})

describe('what the caller meets', () => {
  const attempts = [
    { from: 'source', place: 'allocation c1', host: '10.0.0.2', port: 25000, outcome: 'refused', ms: 1 },
  ]
  const task = (text: string) => ({
    name: 'server',
    state: 'dead' as const,
    failed: true,
    restarts: 2,
    events: [{ type: 'Terminated', text, time: 1 }],
  })
  const says = (facts: Readonly<Record<string, unknown>>) => {
    const world = worldOf({
      a: { kind: 'alloc', facts },
      p: {
        kind: 'path',
        links: { 'target.alloc': 'a' },
        facts: { 'path.attempts': attempts, 'path.reached': 'fails' },
      },
    })
    const scope = [...world.things.values()].map((one) => ({ ...one, names: { caller: 'web' } }))
    const [path] = scope.filter(({ kind }) => kind === 'path')
    return {
      signs: signsOf(scope, world, false).map(({ sentence }) => sentence),
      reachable: path && isReachable(path, world),
    }
  }
  const refused = 'a connection from allocation c1 to 10.0.0.2:25000 is refused'
  test('follows from a target that failed, which is told with its exit code and its last words', () => {
    const failed = record('a1', { clientStatus: 'failed', tasks: [task('Exit Code: 1, Exit Message: "x"')] })
    const logs = { server: { stdout: 'hello\n', stderr: 'starting\nno such table: orders\n' } }
    expect(says({ 'alloc.record': failed, 'alloc.logs': logs })).toEqual({
      signs: [
        expect.stringMatching(/is failed: task server ended with exit code 1, and last said "no such table: orders"$/),
        refused,
      ],
      reachable: false,
    })
    const bind = { kind: 'no-such-address', task: 'server', text: 'bind: Cannot assign requested address' }
    const told = says({ 'alloc.record': failed, 'alloc.logs': logs, 'alloc.bind-error': bind })
    expect(told.signs[0]).toContain('last said "bind: Cannot assign requested address"')
    const killed = record('a1', { clientStatus: 'failed', tasks: [task('OOM Killed')] })
    expect(says({ 'alloc.record': killed }).signs[0]).toMatch(/task server ended \(OOM Killed\)$/)
  })
  test('follows from a target in which nothing listens', () => {
    const closed = listening({ state: 'closed' })
    expect(says({ 'alloc.record': record('a1'), 'alloc.listening': [closed] })).toEqual({
      signs: [expect.stringMatching(/^port http leads to 8080 in allocation a1 of .*, where nothing listens/), refused],
      reachable: false,
    })
  })
  test('comes first where the target is there', () => {
    expect(says({ 'alloc.record': record('a1'), 'alloc.listening': [listening()] })).toEqual({
      signs: [refused],
      reachable: true,
    })
  })
})

describe('an allocation in which nothing listens', () => {
  const says = (ports: readonly ListeningPort[], clientStatus = 'running', caller = true) => {
    const world = worldOf({
      a: { kind: 'alloc', facts: { 'alloc.record': record('a1', { clientStatus }), 'alloc.listening': ports } },
      p: { kind: 'path', links: { 'target.alloc': 'a' } },
    })
    const asked = [...world.things.values()].map((one) => (caller ? { ...one, names: { caller: 'web' } } : one))
    return signsOf(asked, world, false).filter(({ meets }) => meets === 'refused')
  }
  const closed = listening({ state: 'closed' })
  test('is told with the number its port leads to', () => {
    expect(says([closed])).toMatchObject([
      { sentence: expect.stringMatching(/^port http leads to 8080 in allocation a1 of .*, where nothing listens/) },
    ])
  })
  test.each([
    ['it listens', [listening()]],
    ['another port of its own is open', [closed, listening({ label: 'metrics', inside: 9090 })]],
    ['it listens on another number, which is a fault', [{ ...closed, others: [9090] }]],
    ['it listens on loopback, which is a fault', [listening({ state: 'loopback' })]],
    ['the sockets are those of the client', [listening({ state: 'closed', namespace: 'host' })]],
    ['it has no port', []],
  ] as const)('is none where %s', (_, ports) => expect(says(ports)).toEqual([]))
  test('is none where nobody asks, unless a service stands for the port', () => {
    const { service: _, ...set } = closed
    expect(says([set])).toHaveLength(1)
    expect(says([set], 'running', false)).toEqual([])
    expect(says([{ ...set, service: 'orders' }], 'running', false)).toHaveLength(1)
  })
  test('is none where it does not run', () => expect(says([closed], 'failed')).toEqual([]))
})

describe('a client that is down', () => {
  test('is a sign where it was asked about, or a path leads to it', () => {
    expect(said('down', true)).toEqual(down)
    expect(said('down', false, true)).toEqual(down)
  })

  test('is none where nobody asked, where it runs, and where that is not known', () => {
    expect(said('down', false)).toEqual([])
    expect(said('up', true)).toEqual([])
    expect(said(undefined, true)).toEqual([])
  })

  test('of the target or the source is what a report says first, never that all is well', async () => {
    const recording = recordings.find(({ id }) => id === 'bridge-healthy')
    if (!recording) throw new Error('no such recording')
    const gone =
      (name: string) =>
      (ask: Ask): Ask =>
      async (request) => {
        const reply = await ask(request)
        if (request.via !== 'nomad' || !request.path.startsWith('/v1/node/') || reply.status !== 200) return reply
        const node = JSON.parse(reply.body) as { readonly Name?: string }
        return node.Name === name ? { ...reply, body: JSON.stringify({ ...node, Status: 'down' }) } : reply
      }
    for (const name of ['c1', 'c2']) {
      const { report, code } = await diagnosed(recording, gone(name))
      expect(report.signs?.[0]).toMatchObject({ about: `node:${name}`, meets: 'not-placed' })
      expect(undetermined(report)).toMatch(`client ${name} is down`)
      expect(report.signs?.[0]?.evidence[0]?.excerpt).toBe(`${name}: Status down`)
      expect(code).toBe(3)
    }
  })
})
