/** A wrong job file and its edit for each fault that has one: from the job files of the tests, the first one that shows it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { editable } from '../../src/cli/lint-fix.ts'
import { opener, parsers } from '../../src/cli/lint-open.ts'
import { judgeJobs } from '../../src/run/lint.ts'
import { withDiffs } from '../../src/run/prove.ts'

export interface ShownEdit {
  /** The wrong file, from the root of the repository. */
  readonly file: string
  readonly diff: string
  readonly safe: boolean
}
interface Entry {
  readonly file: string
  readonly kind: string
  readonly faults: readonly string[]
  readonly vars: readonly string[]
}

const folder = 'test/corpus'
const root = join(import.meta.dirname, '..', '..')

export async function shownEdits(): Promise<ReadonlyMap<string, ShownEdit>> {
  const shown = new Map<string, ShownEdit>()
  const index = join(root, folder, 'index.json')
  if (!existsSync(index)) return shown
  const entries = (JSON.parse(readFileSync(index, 'utf8')) as readonly Entry[]).filter(
    ({ kind, faults }) => kind === 'faulty' && faults.length === 1,
  )
  for (const { file, vars } of entries) {
    const open = await opener(vars, [], {})
    if ('message' in open) throw new Error(open.message)
    const name = `${folder}/${file}`
    const job = editable(name, readFileSync(join(root, name), 'utf8'), open, parsers())
    const before = judgeJobs((await open(name, job.text)).jobs)
    if (before.report.findings.every(({ id }) => shown.has(id))) continue
    for (const { id, fix } of (await withDiffs(before.report, job, before)).findings) {
      const step = fix.find(({ proven }) => proven)
      if (step?.diff !== undefined && !shown.has(id))
        shown.set(id, { file: name, diff: step.diff, safe: step.safe === true })
    }
  }
  return shown
}
