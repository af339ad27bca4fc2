import { expect, test } from 'vitest'
import { exitCode } from '../../src/knowledge/exit-code.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { cached } from '../../src/sources/cache.ts'
import { opened } from '../recordings.ts'

// Whoever mended a job that never started asks the same question again.

const group = { kind: 'workload', namespace: 'default', job: 'billing', group: 'api' } as const
const asking = async (symptom: 'never-starts' | 'unknown') => {
  const { ask } = await opened({ dir: 'test/recordings/sibling-not-up-yet-repaired' })
  const aim = { kind: 'path', subject: { from: null, to: group, port: null, symptom } } as const
  const facts = await gather(aim, cached(ask).ask, new Map(), () => nothingTold)
  return picture(aim, facts, nothingTold).report
}

test('a job that runs has started: what depends on who calls is no part of the question', async () => {
  const report = await asking('never-starts')
  expect(exitCode(report)).toBe(0)
  expect(report.steps.at(-1)).toMatchObject({
    question: 'runs-now',
    answer: 'yes',
    by: 'measured',
  })
})

test('and it is, where everything is asked about', async () => {
  expect(exitCode(await asking('unknown'))).toBe(3)
})
