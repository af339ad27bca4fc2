import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { group, record, task } from '../../src/knowledge/samples.ts'
import type { TaskState } from '../../src/knowledge/shapes/runtime.ts'
import { worldOf } from '../world.ts'

const state = (name: string, changed: Partial<TaskState>): TaskState => ({
  name,
  state: 'pending',
  failed: false,
  restarts: 0,
  events: [],
  ...changed,
})
const prestart = { hook: 'prestart', sidecar: false }
const first = task({ name: 'pre', lifecycle: prestart, config: { args: ['wget', 'http://127.0.0.1:8080/'] } })
const main = task({ name: 'main', config: { command: 'httpd', args: ['-f', '-p', '8080'] } })
const bridge = { mode: 'bridge', ports: [] }

function held(pre: Partial<TaskState>, other: Partial<TaskState>, tasks = [first, main]): unknown {
  const { world, thing } = worldOf('alloc', {
    'alloc.record': record('a1', { tasks: [state('pre', pre), state('main', other)] }),
    'group.spec': group({ network: bridge, tasks }),
  })
  const found = derive(world, derivations).facts.get(thing.id)?.get('alloc.held-up')
  return found?.known ? found.value : 'unknown'
}
const stuck = { task: 'pre', calls: 'main', at: '127.0.0.1:8080' }
const started = [{ type: 'Started', text: 'Task started by client', time: 1 }]

test.each<[string, Partial<TaskState>, Partial<TaskState>, unknown]>([
  ['the first one runs, the other was never started', { state: 'running' }, {}, stuck],
  ['the first one ends with an error again and again', { restarts: 3 }, {}, stuck],
  ['neither has begun', {}, {}, null],
  ['the first one has ended', { state: 'dead' }, { state: 'running' }, null],
  ['the main task is between two starts', { state: 'running' }, { restarts: 1, events: started }, null],
])('%s', (_, pre, other, expected) => {
  expect(held(pre, other)).toEqual(expected)
})

test('a task that listens before the main tasks start is no one to wait for', () => {
  const sidecar = { ...main, lifecycle: { hook: 'prestart', sidecar: true } }
  expect(held({ state: 'running' }, {}, [first, sidecar])).toBeNull()
})
