import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { editable, fixText } from '../../src/cli/lint-fix.ts'
import { opener, parsers } from '../../src/cli/lint-open.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import type { Report } from '../../src/knowledge/report.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { withDiffs } from '../../src/run/prove.ts'
import { entries, folder, harmful, hits, type Entry } from './corpus.ts'

interface Mended {
  readonly entry: Entry
  readonly found: number
  readonly offered: Report
  readonly after: Report
  readonly text: string
  /** After the same once more. */
  readonly again: string
  readonly valid: boolean
}
const results: Mended[] = []
beforeAll(async () => {
  for (const entry of entries) if (entry.kind === 'faulty') results.push(await mended(entry))
}, 300_000)

async function mended(entry: Entry): Promise<Mended> {
  const open = await opener(entry.vars, [], {})
  if ('message' in open) throw new Error(open.message)
  const parser = parsers()
  const file = editable(entry.file, readFileSync(join(folder, entry.file), 'utf8'), open, parser)
  const before = judgeJobs((await open(file.name, file.text)).jobs)
  const { text } = await fixText(file, (report) => report, true)
  const { jobs, problems } = await open(file.name, text)
  return {
    entry,
    found: hits(entry, before.report).length,
    offered: await withDiffs(before.report, file, before),
    after: judgeJobs(jobs).report,
    text,
    again: (await fixText({ ...file, text }, (report) => report, true)).text,
    valid: problems.length === 0,
  }
}
const gone = ({ entry, found, after, valid }: Mended): boolean =>
  valid && found === entry.faults.length && hits(entry, after).length === 0 && harmful(after).length === 0

/** What is mended today. These numbers may only grow. */
const atLeast = { files: 104, faults: 72 }

test('faults whose cure follows from the job have an edit', () => {
  const rules = faultList.flatMap((fault) => (fault.foretold ? [fault, fault.foretold] : [fault]))
  const edited = rules.filter(({ examples, fix }) =>
    examples.some(({ then, given }) => then === 'present' && fix(given).some(({ edit }) => (edit ?? []).length > 0)),
  )
  expect(new Set(edited.map(({ id }) => id)).size).toBeGreaterThanOrEqual(atLeast.faults)
})

test('faulty files come out of their proven edits without their fault, and still valid', () => {
  const done = results.filter(gone)
  expect(done.length).toBeGreaterThanOrEqual(atLeast.files)
})

test('what was mended is not mended again', () => {
  expect(results.filter(({ text, again }) => text !== again).map(({ entry }) => entry.file)).toEqual([])
})

test('an edit that is not proven is never applied', () => {
  for (const { offered } of results)
    for (const { fix } of offered.findings)
      for (const { proven, note, safe, diff } of fix) {
        if (safe) expect(proven).toBe(true)
        if (proven) expect(diff).toBeDefined()
        if (diff !== undefined && !proven) expect(note).toMatch(/^not proven: /)
      }
})
