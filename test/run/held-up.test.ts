import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import type { Subject } from '../../src/knowledge/subject.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { cached } from '../../src/sources/cache.ts'
import { opened } from '../recordings.ts'

// The recording: task migrate of billing/api, which has to end first, calls task db of its own group.

const group = { kind: 'workload', namespace: 'default', job: 'billing', group: 'api' } as const
const asking = async (from: Subject['from'], to: Subject['to'], change: (ask: Ask) => Ask = (ask) => ask) => {
  const { ask } = await opened({ dir: 'test/recordings/sibling-not-up-yet' })
  const aim = { kind: 'path', subject: { from, to, port: null, symptom: 'never-starts' } } as const
  const facts = await gather(aim, change(cached(ask).ask), new Map(), () => nothingTold)
  return picture(aim, facts, nothingTold).report
}
/** A job whose texts do not say whom it calls. */
const silent =
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    return 'body' in reply ? { ...reply, body: reply.body.replaceAll('127.0.0.1', '$DB_HOST') } : reply
  }

test('a group that never starts says so by itself, without a named caller', async () => {
  const { diagnosis } = await asking(null, group)
  expect(diagnosis).toMatchObject({
    fault: 'sibling-not-up-yet',
    sentence: expect.stringContaining('Task migrate is a prestart task and calls db at 127.0.0.1:5432') as unknown,
  })
})

test('where no text says whom it calls, it is said who waits for whom', async () => {
  const { diagnosis, signs } = await asking(null, group, silent)
  expect(diagnosis).toBeNull()
  expect(signs?.[0]?.sentence).toMatch(
    /^tasks? .*\bdb\b.* of allocation \w{8} of billing\/api never started, because prestart task migrate did not end yet$/,
  )
})

test('and the question that names both tasks settles it', async () => {
  const { diagnosis } = await asking({ ...group, task: 'migrate' }, { ...group, task: 'db' }, silent)
  expect(diagnosis).toMatchObject({
    fault: 'sibling-not-up-yet',
    sentence: expect.stringContaining(
      'Task migrate is a prestart task and calls db, which starts only after',
    ) as unknown,
  })
})
