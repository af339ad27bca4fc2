import { describe, expect, test } from 'vitest'
import { derivations } from '../../src/derive/index.ts'
import { derive } from '../../src/derive/derive.ts'
import { record } from '../../src/knowledge/samples.ts'
import type { AllocRecord, TaskEvent, TaskState } from '../../src/knowledge/shapes/runtime.ts'
import { worldOf } from '../world.ts'

function derived(key: string, alloc: AllocRecord, stderr?: string): unknown {
  const logs = stderr === undefined ? {} : { 'alloc.logs': { server: { stdout: '', stderr } } }
  const { world, thing } = worldOf('alloc', { 'alloc.record': alloc, ...logs })
  const held = derive(world, derivations).facts.get(thing.id)?.get(key)
  return held?.known ? held.value : 'unknown'
}
const events = (...all: readonly (readonly [type: string, text: string])[]): readonly TaskEvent[] =>
  all.map(([type, text], time) => ({ type, text, time }))
const state = (changed: Partial<TaskState>): TaskState => ({
  name: 'server',
  state: 'pending',
  failed: false,
  restarts: 0,
  events: [],
  ...changed,
})

const setup = 'failed to setup alloc: pre-run hook "network" failed: no'
const refusal = 'Unable to add allocation due to error: failed to configure network manager: no'
const unset = record('a1', {
  clientStatus: 'failed',
  tasks: [state({ state: 'dead', failed: true, events: events(['Received', 'r'], ['Setup Failure', setup]) })],
})
const rejected = record('a1', { clientStatus: 'failed', clientDescription: refusal, tasks: [] })
const looping = record('a1', {
  clientStatus: 'pending',
  tasks: [
    state({ restarts: 3, events: events(['Started', 's'], ['Terminated', 'Exit Code: 1'], ['Restarting', 'r']) }),
  ],
})
const bound = (text: string) =>
  record('a1', {
    clientStatus: 'failed',
    tasks: [
      state({
        state: 'dead',
        failed: true,
        events: events(['Task Setup', 't'], ['Driver Failure', text], ['Not Restarting', 'n']),
      }),
    ],
  })

describe('alloc.setup-failure and alloc.start', () => {
  test.each<[string, AllocRecord, unknown, unknown]>([
    ['it runs', record('a1'), null, 'up'],
    ['its network could not be set up', unset, setup, 'no-set-up'],
    ['the client refused it', rejected, refusal, 'no-set-up'],
    [
      'a set-up that failed once, in the past',
      record('a1', {
        tasks: [state({ state: 'running', events: events(['Setup Failure', setup], ['Started', 's']) })],
      }),
      null,
      'up',
    ],
    ['it waits for its tasks', record('a1', { clientStatus: 'pending', tasks: [state({})] }), null, 'waiting'],
  ])('%s', (_, alloc, failed, start) => {
    expect(derived('alloc.setup-failure', alloc)).toBe(failed)
    expect(derived('alloc.start', alloc)).toBe(start)
  })

  test('a task that does not stay up is told from one that cannot bind its port by its output', () => {
    expect(derived('alloc.start', looping)).toBe('unknown')
    expect(derived('alloc.start', looping, 'panic: no configuration\n')).toBe('unsteady')
    expect(derived('alloc.start', looping, 'bind: Cannot assign requested address\n')).toBe('no-bind')
  })
})

describe('alloc.bind-error', () => {
  test.each<[string, string, object]>([
    [
      'docker, its proxy',
      'Failed to start container x: Error starting userland proxy: listen tcp4 10.0.0.1:8080: bind: address already in use',
      { kind: 'in-use', address: '10.0.0.1', port: 8080 },
    ],
    [
      'docker, its own account',
      'Bind for 0.0.0.0:443 failed: port is already allocated',
      { kind: 'in-use', address: '0.0.0.0', port: 443 },
    ],
  ])('from an event of %s', (_, text, wanted) => {
    expect(derived('alloc.bind-error', bound(text))).toMatchObject({ task: 'server', ...wanted })
  })

  test.each<[string, string, object]>([
    ['Go', 'listen tcp :80: bind: permission denied', { kind: 'denied', port: 80 }],
    [
      'nginx',
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
      { kind: 'denied', address: '0.0.0.0', port: 80 },
    ],
    ['node', 'Error: listen EACCES: permission denied 0.0.0.0:443', { kind: 'denied', port: 443 }],
    [
      'python',
      '    self.socket.bind(self.server_address)\nPermissionError: [Errno 13] Permission denied\n',
      { kind: 'denied' },
    ],
    ['busybox', 'httpd: bind: Cannot assign requested address', { kind: 'no-such-address' }],
    ['java', 'java.net.BindException: Address already in use (Bind failed)', { kind: 'in-use' }],
  ])('from the output of %s', (_, text, wanted) => {
    expect(derived('alloc.bind-error', looping, text)).toMatchObject(wanted)
  })

  test.each<[string, string]>([
    ['a file it may not read', "open('/etc/key')\nPermissionError: [Errno 13] Permission denied: '/etc/key'"],
    ['a peer that refuses', 'dial tcp 10.0.0.2:5432: connect: connection refused'],
  ])('is none for %s', (_, text) => {
    expect(derived('alloc.bind-error', looping, text)).toBe(null)
  })

  test('is none of what runs, whatever it once said', () => {
    expect(derived('alloc.bind-error', record('a1'), 'bind: address already in use')).toBe(null)
    expect(derived('alloc.bind-error', record('a1'))).toBe(null)
  })
})
