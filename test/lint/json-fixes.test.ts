import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { editable, fixText } from '../../src/cli/lint-fix.ts'
import { openerOf, parsers } from '../../src/cli/lint-open.ts'
import { readJobFile } from '../../src/jobfile/read.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { entries, folder, harmful, hits } from './corpus.ts'

/** What is mended today. This number may only grow. */
const atLeast = 90

test('faulty jobs written as the API has them lose their fault, too, and stay valid', async () => {
  const parser = parsers()
  const open = openerOf(new Map(), parser)
  const done: string[] = []
  for (const entry of entries.filter(({ kind, vars }) => kind === 'faulty' && vars.length === 0)) {
    const { jobs } = await readJobFile(readFileSync(join(folder, entry.file), 'utf8'), new Map(), parser)
    const text = `${JSON.stringify({ Job: jobs[0]?.json }, null, 2)}\n`
    const file = editable('job.json', text, open, parser)
    const before = judgeJobs((await open('job.json', text)).jobs).report
    const { text: after } = await fixText(file, (report) => report, true)
    const read = await open('job.json', after)
    expect(read.problems).toEqual([])
    const { report } = judgeJobs(read.jobs)
    if (hits(entry, before).length > 0 && hits(entry, report).length === 0 && harmful(report).length === 0)
      done.push(entry.file)
  }
  expect(done.length).toBeGreaterThanOrEqual(atLeast)
}, 300_000)
