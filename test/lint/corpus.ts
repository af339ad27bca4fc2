import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { opener } from '../../src/cli/lint-open.ts'
import type { Finding, Report } from '../../src/knowledge/report.ts'
import { judgeJobs } from '../../src/run/lint.ts'

/** A line of test/corpus/index.json; its README says what the fields mean. */
export interface Entry {
  readonly file: string
  readonly kind: 'sound' | 'fixed' | 'faulty' | 'agent'
  readonly faults: readonly string[]
  readonly aliases: readonly string[]
  readonly line: readonly number[]
  readonly vars: readonly string[]
  readonly agents: readonly string[]
  readonly rejected?: boolean
  readonly severity: string | null
}
export const folder = 'test/corpus'
export const entries = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as readonly Entry[]

/** Lints one file of the corpus with the values its entry gives. */
export async function linted({ file, vars }: Entry): Promise<{ report: Report; holes: readonly string[] }> {
  const open = await opener(vars, [], {})
  if ('message' in open) throw new Error(open.message)
  const { jobs, problems, holes } = await open(file, readFileSync(join(folder, file), 'utf8'))
  const [problem] = problems
  if (problem) throw new Error(`${problem.file}:${problem.line}: ${problem.summary}`)
  return { report: judgeJobs(jobs).report, holes }
}

export const harmful = ({ findings }: Report): readonly Finding[] =>
  findings.filter(({ severity }) => severity !== 'risks')

/** Which of the entry's faults are found, and whether the line is one of those that are proper places to point at. */
export function hits(
  { faults, aliases, line }: Entry,
  { findings }: Report,
): readonly { id: string; onLine: boolean }[] {
  return faults.flatMap((id) => {
    const [finding] = findings.filter((one) => one.id === id || (faults.length === 1 && aliases.includes(one.id)))
    return finding ? [{ id, onLine: finding.location !== undefined && line.includes(finding.location.line) }] : []
  })
}
