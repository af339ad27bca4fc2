import { expect, test } from 'vitest'
import type { Ask, Request } from '../../src/ask/request.ts'
import { reasonsOf, unanswered, unsettled } from '../../src/knowledge/unsettled.ts'
import { refused } from '../../src/sources/reply.ts'
import { diagnosed, recordings } from '../recordings.ts'

const recordingOf = (id: string) => {
  const recording = recordings.find((one) => one.id === id)
  if (!recording) throw new Error(`no recording ${id}`)
  return recording
}

/** Clients cannot be read, and nothing runs on them or in a task. */
const shut = (request: Request): boolean =>
  'argv' in request || 'connect' in request || (request.via === 'nomad' && request.path.startsWith('/v1/node'))
/** A recording as a token sees it that may read jobs and nothing else. */
const weak =
  (ask: Ask): Ask =>
  (request) =>
    shut(request) ? Promise.resolve(refused('denied', 'the token lacks namespace:alloc-exec')) : ask(request)

test('what a refused check points to stands first, and no agent that runs something is said not to start', async () => {
  const { report } = await diagnosed(recordingOf('app-binds-loopback-only'), weak)
  expect(report.signs?.[0]?.meets).toBe('refused')
  const ids = unsettled(report).faults.map(({ id }) => id)
  expect(ids.slice(0, 6)).toContain('app-binds-loopback-only')
  const stopped = ['no-default-route', 'network-interface-invalid', 'dynamic-range-invalid', 'advertise-unsafe']
  expect(report.unknown.map(({ id }) => id).filter((id) => stopped.includes(id))).toEqual([])
})

test('the reasons add up to the faults, and a question that was refused says by what', async () => {
  const open = unsettled((await diagnosed(recordingOf('app-binds-loopback-only'), weak)).report)
  const sum = reasonsOf(open.faults).reduce((all, { faults }) => all + faults.length, 0)
  expect(sum).toBe(open.faults.length)
  expect(open.questions.map(unanswered)).toContain('not allowed: the token lacks namespace:alloc-exec')
})

test('where no client may be read, what keeps a client from taking work is not ruled out', async () => {
  const { report } = await diagnosed(recordingOf('no-default-route'), weak)
  expect(report.signs?.map(({ meets }) => meets)).toContain('not-placed')
  expect(unsettled(report).faults[0]?.id).toBe('no-default-route')
  expect(report.unknown.find(({ id }) => id === 'no-default-route')).toMatchObject({
    about: 'every client',
    because: [{ why: 'denied', detail: 'the token lacks namespace:alloc-exec' }],
  })
})
