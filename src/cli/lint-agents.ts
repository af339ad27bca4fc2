/** Files beside the jobs: the configurations of agents and their CNI networks, judged and edited. */
import { isJson, readAgentFile, readAgentTree } from '../jobfile/agent.ts'
import { editText } from '../jobfile/edit.ts'
import { editJson } from '../jobfile/json-edit.ts'
import type { FixStep } from '../knowledge/fault.ts'
import type { Finding, Report } from '../knowledge/report.ts'
import { machinesOf, type FileNode, type Machine } from '../probes/agent-file.ts'
import type { FileJob } from '../probes/job-file.ts'
import { changesOf, fileOf } from '../probes/job-edit.ts'
import { judgeClients, judgeJobs, shownInClients, shownInJobs, type Around } from '../run/lint.ts'
import type { Shown } from '../run/loop.ts'
import { withDiffs, type Beside, type EditableFile } from '../run/prove.ts'
import { fixFile, type Editing, type Mended } from './lint-fix.ts'
import type { Met } from './lint-around.ts'

const filesOf = ({ machines }: Met): ReadonlyMap<string, string> =>
  new Map(
    machines.flatMap(({ agents, cni = [] }) => [...agents, ...cni].map(({ name, text }) => [name, text] as const)),
  )

/** The machines with another text of one of their files; why not, when it is not valid. */
function exchanged(machines: readonly Machine[], name: string, text: string): readonly Machine[] | string {
  const by = { name, text }
  const of = <T extends { readonly name: string }>(all: readonly T[], one: T): readonly T[] =>
    all.map((file) => (file.name === name ? one : file))
  if (!machines.some(({ agents }) => agents.some((file) => file.name === name)))
    return machines.map((one) => (one.cni ? { ...one, cni: of(one.cni, by) } : one))
  const read = readAgentFile(text)
  const [problem] = read.problems
  if (problem) return `the edited file would not be valid: ${problem.summary}`
  return machines.map((one) => ({ ...one, agents: of(one.agents, { ...by, read }) }))
}

type Judge = (around: Around, only: ReadonlySet<string> | undefined) => Shown
const ofClients: Judge = (around, only) => shownInClients(only, around)
/** Jobs and the clients they meet: an edit for a job must not break a client. */
const ofJobs =
  (jobs: readonly FileJob[]): Judge =>
  (around, only) =>
    both(shownInJobs(only, jobs, around), shownInClients(only, around))
const both = (one: Shown, other: Shown): Shown => ({
  verdicts: [...one.verdicts, ...other.verdicts],
  report: { ...one.report, findings: [...one.report.findings, ...other.report.findings] },
})

/** A file beside the jobs as it is edited: everything is judged again, with the edited file in its machines. */
export function editableBeside(
  name: string,
  text: string,
  { machines, ...around }: Met,
  judge: Judge = ofClients,
): EditableFile<readonly FileNode[]> {
  return {
    name,
    text,
    edit: async (from, edits) => {
      const changes = changesOf(edits, name)
      if (!changes) return 'where it stands in this file is not known'
      return isJson(from) ? editJson(from, changes) : editText(from, changes, readAgentTree)
    },
    read: (edited) => {
      const found = exchanged(machines, name, edited)
      return Promise.resolve(typeof found === 'string' ? found : machinesOf(found))
    },
    judge: (nodes, only) => judge({ ...around, nodes }, only),
    plan: () => Promise.resolve({ unplanned: 'servers plan jobs, and this file is none' }),
  }
}

type Wanted = (report: Report, name: string, text: string) => Report
interface MendedAround {
  readonly met: Met
  readonly mended: readonly Mended[]
}

/** The files beside the jobs with the proven edits of what is wrong in themselves, and what the jobs meet then. */
export const mendAgents = (met: Met, wanted: Wanted, editing: Editing): Promise<MendedAround> =>
  mend(met, (report, name, text) => wanted(inFile(report, name), name, text), editing, ofClients)

/** The same for what is wrong with jobs, and has its cure in a file beside them. */
export const mendForJobs = (
  jobs: readonly FileJob[],
  met: Met,
  wanted: (report: Report) => Report,
  editing: Editing,
): Promise<MendedAround> => mend(met, wanted, editing, ofJobs(jobs))

async function mend(met: Met, wanted: Wanted, editing: Editing, judge: Judge): Promise<MendedAround> {
  let now = met
  const mended: Mended[] = []
  for (const [name, text] of filesOf(met)) {
    const file = editableBeside(name, text, now, judge)
    const own = await fixFile(file, (report, of) => wanted(report, name, of), editing)
    mended.push({ name, ...own })
    if (own.text === text) continue
    const machines = exchanged(now.machines, name, own.text)
    if (typeof machines !== 'string') now = { ...now, machines, nodes: machinesOf(machines) }
  }
  return { met: now, mended }
}

const inFile = (report: Report, name: string): Report => ({
  ...report,
  findings: report.findings.filter(({ location }) => location?.file === name),
})

/** The file beside the jobs that a step of a job's finding edits. */
export function besideJobs(jobs: readonly FileJob[], met: Met) {
  const files = filesOf(met)
  let before: Shown | undefined
  return ({ edit = [] }: FixStep): Beside | undefined => {
    const name = fileOf(edit)
    const text = name === undefined ? undefined : files.get(name)
    if (name === undefined || text === undefined) return undefined
    before ??= both(judgeJobs(jobs, met), judgeClients(met))
    return { file: editableBeside(name, text, met, ofJobs(jobs)), before }
  }
}

/** Findings about the clients; those in one of their files with their edits tried. */
export async function clientsReport(met: Met, kept: (report: Report) => Report): Promise<Report> {
  const before = judgeClients(met)
  const files = filesOf(met)
  const report = kept(before.report)
  const findings: Finding[] = []
  for (const finding of report.findings) {
    const name = finding.location?.file ?? ''
    const text = files.get(name)
    const own = { ...report, findings: [finding] }
    const tried = text === undefined ? own : await withDiffs(own, editableBeside(name, text, met), before)
    findings.push(...tried.findings)
  }
  return { ...report, findings }
}
