import { describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { disagreementDerivation } from '../../src/derive/walk/disagreement.ts'
import { isInLoop, whyMomentary } from '../../src/knowledge/restart-loop.ts'
import { record } from '../../src/knowledge/samples.ts'
import { isReachable, signsOf } from '../../src/knowledge/signs.ts'
import type { TaskState } from '../../src/knowledge/shapes/runtime.ts'
import { worldOf } from '../engine/world.ts'

/** A task that ran so many seconds after each start, with three seconds between; up again at the end where `state` says so. */
function task(runs: readonly number[], changed: Partial<TaskState> = {}, ends = 'Terminated'): TaskState {
  const events: { type: string; text: string; time: number }[] = []
  let now = 100e9
  const add = (type: string, text = '') => events.push({ type, text, time: now })
  for (const run of runs) {
    add('Started')
    now += run * 1e9
    if (ends !== 'Terminated') add(ends)
    add('Terminated', 'Exit Code: 1, Exit Message: "x"')
    add('Restarting')
    now += 3e9
  }
  const state = changed.state ?? 'running'
  if (state === 'running') add('Started')
  return { name: 'server', failed: false, restarts: 22, ...changed, state, events }
}
const started = ({ events }: TaskState): number => events.findLast(({ type }) => type === 'Started')?.time ?? 0
const after = (one: TaskState, seconds: number): number => started(one) + seconds * 1e9

describe('a task that ends soon after each start', () => {
  const loop = task([7, 7, 7])
  test.each<[string, TaskState, number | undefined, boolean]>([
    ['is up once more', loop, after(loop, 3), true],
    ['is down', task([7, 7], { state: 'pending' }), undefined, true],
    ['stays up now', loop, after(loop, 15), false],
    ['ended once', task([7], { restarts: 1 }), after(task([7]), 3), false],
    ['has few restarts', task([7, 7], { restarts: 1 }), after(task([7, 7]), 3), false],
    ['runs for long before it ends', task([7, 3600]), after(task([7, 3600]), 3), false],
    ['is started anew by its template', task([7, 7], {}, 'Restart Signaled'), after(task([7, 7]), 3), false],
    ['is dead for good', task([7, 7], { state: 'dead', failed: true }), undefined, false],
    ['is asked about at a time nobody knows', loop, undefined, false],
  ])('%s', (_, one, asked, is) => expect(isInLoop(one, asked)).toBe(is))
})

describe('a path is told', () => {
  const loop = task([7, 7, 7])
  const steady = task([])
  const told = (end: 'source' | 'target', one: TaskState, reached: string) => {
    const attempts = [
      { from: 'source', place: 'allocation c1', host: '10.0.0.2', port: 25000, outcome: 'refused', ms: 1 },
    ]
    const facts = {
      'alloc.record': record('a1', { tasks: [one] }),
      'alloc.asked': after(one, 3),
      'alloc.logs': { server: { stdout: 'panic: out of cheese\n', stderr: '' } },
    }
    const world = worldOf({
      a: { kind: 'alloc', facts },
      p: {
        kind: 'path',
        links: { [`${end}.alloc`]: 'a' },
        facts: { 'path.attempts': attempts, 'path.reached': reached },
      },
    })
    const scope = [...world.things.values()]
    const path = scope.find(({ kind }) => kind === 'path')
    return {
      signs: signsOf(scope, world, false).map(({ sentence }) => sentence),
      reachable: path && isReachable(path, world),
    }
  }
  const says =
    'task server of allocation a1 of orders/api ends soon after each start, with 22 restarts so far: task server ended with exit code 1, and last said "panic: out of cheese"'
  const refused = 'a connection from allocation c1 to 10.0.0.2:25000 is refused'
  test('that its target does not stay up, before what the caller meets', () => {
    expect(told('target', loop, 'fails')).toEqual({ signs: [says, refused], reachable: false })
    expect(told('target', steady, 'fails')).toEqual({ signs: [refused], reachable: true })
  })
  test('that even where it was up when it was tried', () =>
    expect(told('target', loop, 'answered')).toEqual({ signs: [says], reachable: false }))
  test('that its caller does not stay up, after what that one meets', () => {
    expect(told('source', loop, 'fails')).toEqual({ signs: [refused, says], reachable: true })
    expect(told('source', loop, 'answered').signs).toEqual([says])
    expect(told('source', steady, 'answered').signs).toEqual([])
  })
})

describe('an attempt is compared with what was read of the same run alone', () => {
  const walk = {
    dial: { host: '10.0.0.2', port: 25000, from: 'registered address' },
    begins: 'source',
    start: { namespace: 'allocation c1' },
    wanted: { proto: 'tcp', dst: '10.0.0.2', dport: 25000 },
    places: {},
    traces: [],
    outcome: 'answered',
    unread: [],
  }
  const attempt = { from: 'source', place: 'allocation c1', host: '10.0.0.2', port: 25000, outcome: 'refused', ms: 1 }
  const held = (one: TaskState, asked: number) => {
    const world = worldOf({
      a: { kind: 'alloc', facts: { 'alloc.record': record('a1', { tasks: [one] }), 'alloc.asked': asked } },
      p: {
        kind: 'path',
        links: { 'target.alloc': 'a' },
        facts: { 'path.walks': [walk], 'path.attempts': [attempt] },
      },
    })
    return derive(world, [disagreementDerivation]).facts.get('p')?.get('path.disagreement')
  }
  const loop = task([7, 7, 7])
  const young = task([7])
  test.each<[string, TaskState, number, string]>([
    ['it ends soon after each start', loop, after(loop, 3), 'may have been down'],
    ['it did not run', task([7, 7], { state: 'pending' }), 200e9, 'did not run'],
    ['it was started anew just before', young, after(young, 40), 'less than a minute'],
  ])('%s', (_, one, asked, why) =>
    expect(held(one, asked)).toMatchObject({ known: false, detail: expect.stringContaining(why) }),
  )
  test('what stays up is', () => {
    expect(held(young, after(young, 90))).toMatchObject({ known: true, value: { simulated: 'answered' } })
    expect(whyMomentary([task([], { restarts: 0 })], 101e9)).toBeUndefined()
  })
})
