import { expect, test } from 'vitest'
import { record } from '../../src/knowledge/samples.ts'
import type { AllocRecord } from '../../src/knowledge/shapes/runtime.ts'
import { derived, valueOf } from './path-cases.ts'

const task = record('a1').tasks[0]!
const runs = (records: readonly AllocRecord[], placement = 'placed', caller?: string) =>
  valueOf(
    derived('path.runs', {
      given: { 'target.group.placement': placement, 'target.group.current': records },
      names: caller === undefined ? {} : { caller },
    }),
  )

test.each<[string, readonly AllocRecord[], string]>([
  ['both run', [record('a1'), record('a2')], 'yes'],
  ['one is pending', [record('a1'), record('a2', { clientStatus: 'pending' })], 'no'],
  ['a task of it was never started', [record('a1', { tasks: [task, { ...task, state: 'pending' }] })], 'no'],
  ['a prestart task has ended well', [record('a1', { tasks: [task, { ...task, state: 'dead' }] })], 'yes'],
  ['a task had to be started again', [record('a1', { tasks: [{ ...task, restarts: 2 }] })], 'no'],
  ['its deployment calls it unhealthy', [record('a1', { deployment: { healthy: false } })], 'no'],
  ['nothing is there', [], 'no'],
])('is all of it up: %s', (_, records, expected) => {
  expect(runs(records)).toBe(expected)
})

test('not where some of it has no client, and another question where a caller is named', () => {
  expect(runs([record('a1')], 'partly')).toBe('no')
  expect(runs([record('a1')], 'placed', 'web/loop')).toBe('called')
  expect(valueOf(derived('path.runs', { names: {} }))).toBeUndefined()
})
