import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAgentFile } from '../../src/jobfile/agent.ts'
import { ignoresIn } from '../../src/jobfile/ignores.ts'
import { jobsIn } from '../../src/probes/job-file.ts'
import { machinesOf } from '../../src/probes/agent-file.ts'
import { judgeClients, judgeJobs } from '../../src/run/lint.ts'
import { agents, mutatedOf, texts } from './mutated.ts'
import { file } from './parsed.ts'

const mutated = mutatedOf(texts)

async function lintAny(text: string): Promise<void> {
  const read = await file(text)
  const jobs = jobsIn(read, 'any.hcl', text).flatMap((job) => ('held' in job ? [job] : []))
  const { counts, unknown } = judgeJobs(jobs).report
  ignoresIn(text)
  expect(counts.judged).toBe(counts.present + counts.absent + counts.unknown)
  const bugs = unknown.flatMap(({ because }) => because).filter(({ why }) => why === 'failed')
  expect(bugs).toEqual([])
}

test('a changed file never throws, hangs or finds a bug of ours', async () => {
  await fc.assert(fc.asyncProperty(mutated, lintAny), { numRuns: 300 })
}, 120_000)

/** Reading alone: it is what hostile text reaches. A refusal names its place. */
async function readAny(text: string): Promise<void> {
  const { jobs, problems } = await file(text)
  for (const { line, column, summary } of problems) {
    expect(line).toBeGreaterThanOrEqual(1)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(summary).not.toBe('')
  }
  if (problems.length > 0) expect(jobs).toEqual([])
}

test.each([1, 2, 3, 4])(
  'changed files are read or refused, part %i',
  async () => {
    await fc.assert(fc.asyncProperty(mutated, readAny), { numRuns: 1400 })
  },
  120_000,
)

test('changed agent files are read or refused', () => {
  const agent = mutatedOf(agents)
  fc.assert(
    fc.property(agent, (text) => {
      const read = readAgentFile(text)
      const nodes = machinesOf([{ agents: [{ name: 'a.hcl', text, read }], cni: [{ name: 'n.conflist', text }] }])
      const { unknown } = judgeClients({ nodes }).report
      expect(unknown.flatMap(({ because }) => because).filter(({ why }) => why === 'failed')).toEqual([])
    }),
    { numRuns: 1200 },
  )
}, 120_000)

test('any text is read or refused', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ maxLength: 200, unit: 'binary' }), readAny), { numRuns: 3000 })
}, 120_000)

test('a deep nest ends', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['(', ')'],
    ['{ a = ', ' }'],
    ['"${', '}"'],
  ] as const)
    for (const deep of [150, 800, 4000]) await lintAny(`x = ${open.repeat(deep)}1${close.repeat(deep)}\n`)
  for (const deep of [500, 4000]) await lintAny('a {\n'.repeat(deep) + '}\n'.repeat(deep))
}, 60_000)
