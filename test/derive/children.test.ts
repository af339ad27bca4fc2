import { expect, test } from 'vitest'
import { lastChild, withLastRuns, withoutPast } from '../../src/derive/children.ts'

const job = (id: string, status: string, created: number, parent?: string, namespace = 'default') => ({
  id,
  namespace,
  type: 'batch',
  status,
  groups: ['hit'],
  ...(parent === undefined ? {} : { parent, created }),
})
const per = { id: 'per', namespace: 'default' }
const listed = [
  job('per', 'running', 0),
  job('per/periodic-3', 'running', 30, 'per'),
  job('per/periodic-1', 'dead', 10, 'per'),
  job('per/periodic-2', 'dead', 20, 'per'),
  job('per/periodic-9', 'dead', 90, 'per', 'team'),
  job('web', 'dead', 0),
]
const ids = (jobs: readonly { readonly id: string }[]) => jobs.map(({ id }) => id)

test('what a job started last is the newest of its own namespace, though it still runs', () => {
  expect(lastChild(per, listed)?.id).toBe('per/periodic-3')
  expect(lastChild({ id: 'web', namespace: 'default' }, listed)).toBeUndefined()
})

test('how it fares says its newest run that is over', () => {
  expect(ids(withLastRuns([per], listed))).toEqual(['per', 'per/periodic-2'])
  expect(ids(withLastRuns([per, { id: 'per/periodic-2', namespace: 'default' }], listed))).toEqual([
    'per',
    'per/periodic-2',
  ])
  expect(ids(withLastRuns([per]))).toEqual(['per'])
})

test('runs that are over and were followed are the past; jobs that nobody started are none', () => {
  expect(ids(withoutPast(listed, listed))).toEqual(['per', 'per/periodic-3', 'per/periodic-2', 'per/periodic-9', 'web'])
})
