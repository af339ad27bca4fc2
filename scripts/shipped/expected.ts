import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { frameOf } from '../../src/cli/print.ts'
import { exitCode } from '../../src/knowledge/exit-code.ts'
import { json } from '../../src/renderers/json.ts'
import { gather, picture } from '../../src/run/loop.ts'

import { subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'

/** Folders of the cases that are shipped with the program. */
export const shipped = (): readonly string[] =>
  existsSync('cases')
    ? readdirSync('cases')
        .filter((id) => existsSync(join('cases', id, 'case.json')))
        .toSorted()
        .map((id) => join('cases', id))
    : []

/**
 * The report of a case as `expected.json` keeps it: all of it but what was ruled out or is off the way, the counts and
 * the version, so that a new fault changes only the cases it is about.
 */
export async function expectedOf(dir: string): Promise<string> {
  const opened = await openCase(dir)
  if (opened instanceof CaseError) throw new Error(opened.message)
  const subject = subjectOf(opened.info)
  const aim = { kind: 'path', subject } as const
  const told = { answers: { ...opened.info.told }, checks: {} }
  const facts = await gather(aim, cached(opened.ask).ask, new Map(), () => told)
  const { report } = picture(aim, facts, told)
  const steps = report.steps.filter(({ verdict }) => verdict !== 'absent')
  const unknown = report.unknown.filter(({ id }) => steps.some(({ fault }) => fault === id))
  const printed = json({ ...report, steps, unknown }, frameOf({ kind: 'case', where: opened.info.id }, subject))
  const { tool: _, counts: __, ...rest } = JSON.parse(printed) as Record<string, unknown>
  return `${JSON.stringify({ exit: exitCode(report), ...rest }, null, 1)}\n`
}
