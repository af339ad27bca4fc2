import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { opener } from '../../src/cli/lint-open.ts'
import type { Finding, Report } from '../../src/knowledge/report.ts'
import { around } from '../../src/cli/lint-around.ts'
import { kindOf } from '../../src/jobfile/kind.ts'
import { judgeClients, judgeJobs } from '../../src/run/lint.ts'

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

const read = (name: string) => ({ name, text: readFileSync(join(folder, name), 'utf8') })

/** The files beside an entry: a client file and its CNI files are one kind of client, several client files several. */
function machines(agents: readonly string[]) {
  const files = agents.map(read)
  const of = (kind: string) => files.filter(({ name, text }) => kindOf(name, text) === kind)
  const [configs, cni] = [of('agent'), of('cni')]
  return { namespaces: of('namespace'), clients: configs.map((one) => [one, ...(configs.length === 1 ? cni : [])]) }
}

/** Lints one file of the corpus with the values and the clients its entry gives. */
export async function linted({ file, vars, agents }: Entry): Promise<{ report: Report; holes: readonly string[] }> {
  const open = await opener(vars, [], {})
  if ('message' in open) throw new Error(open.message)
  const { jobs, problems, holes } = await open(file, readFileSync(join(folder, file), 'utf8'))
  const [problem] = problems
  if (problem) throw new Error(`${problem.file}:${problem.line}: ${problem.summary}`)
  const { namespaces, clients } = machines(agents)
  return { report: judgeJobs(jobs, await around(namespaces, clients)).report, holes }
}

/** Judges the clients of an entry about an agent, each file one machine. */
export async function lintedAgent({ file, agents }: Entry): Promise<Report> {
  return judgeClients(await around([file, ...agents].map(read), [])).report
}

export const harmful = ({ findings }: Report): readonly Finding[] =>
  findings.filter(({ severity }) => severity !== 'risks')

/** Which of the entry's faults are found, and whether the line is one of those that are proper places to point at. */
export function hits(
  { faults, aliases, line }: Entry,
  { findings }: Report,
): readonly { id: string; onLine: boolean }[] {
  return faults.flatMap((id) => {
    const same = findings.filter((one) => one.id === id || (faults.length === 1 && aliases.includes(one.id)))
    if (same.length === 0) return []
    return [{ id, onLine: same.some(({ location }) => location !== undefined && line.includes(location.line)) }]
  })
}
