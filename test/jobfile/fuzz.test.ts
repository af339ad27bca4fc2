import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ignoresIn } from '../../src/jobfile/ignores.ts'
import { jobsIn } from '../../src/probes/job-file.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { entries, folder } from '../lint/corpus.ts'
import { file } from './parsed.ts'

const texts = entries
  .filter(({ file: name, kind }) => kind !== 'agent' && name.endsWith('.hcl'))
  .map(({ file: name }) => readFileSync(`${folder}/${name}`, 'utf8'))

const pieces = [
  '{',
  '}',
  '"',
  '${',
  '%{',
  '<<-EOT\n',
  '[',
  ']',
  '=',
  '\n',
  'var.x',
  '\\',
  '~',
  'for a in b',
  '-1',
  '\u0000',
  '💥',
  'dynamic "port" ',
  'null',
]

/** A file of the corpus with a few pieces put in, taken away or repeated. */
const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), fc.constantFrom('', ...pieces)), {
      maxLength: 4,
    }),
  )
  .map(([text, changes]) =>
    changes.reduce((all, [place, length, piece]) => {
      const at = Math.floor(place * all.length)
      return all.slice(0, at) + piece + all.slice(at + length)
    }, text),
  )

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
  await fc.assert(fc.asyncProperty(mutated, lintAny), { numRuns: 150 })
}, 120_000)

test('any text never throws', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ maxLength: 200 }), lintAny), { numRuns: 150 })
}, 60_000)

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
