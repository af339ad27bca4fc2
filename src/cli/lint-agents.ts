import { readAgentFile } from '../jobfile/agent.ts'
import { editText } from '../jobfile/edit.ts'
import { editJson } from '../jobfile/json-edit.ts'
import type { HclParser } from '../jobfile/parser.ts'
import type { Finding, Report } from '../knowledge/report.ts'
import { machine, type FileNode, type Machine } from '../probes/agent-file.ts'
import { changesOf } from '../probes/job-edit.ts'
import { judgeClients, shownInClients } from '../run/lint.ts'
import { withDiffs, type EditableFile } from '../run/prove.ts'
import { fixFile, type Editing, type Mended } from './lint-fix.ts'
import type { Met } from './lint-around.ts'

type Agent = Machine['agents'][number]
const exchanged = (machines: readonly Machine[], by: Agent): readonly Machine[] =>
  machines.map((one) => ({ ...one, agents: one.agents.map((file) => (file.name === by.name ? by : file)) }))
const agentsOf = ({ machines }: Met): ReadonlyMap<string, Agent> =>
  new Map(machines.flatMap(({ agents }) => agents.map((file) => [file.name, file] as const)))

/** The configuration of an agent as it is edited: all clients are judged again, with the edited file in its machines. */
export function editableAgent(
  name: string,
  text: string,
  { machines, ...around }: Met,
  parser: HclParser,
): EditableFile<readonly FileNode[]> {
  return {
    name,
    text,
    edit: (from, edits) => {
      const changes = changesOf(edits, name)
      if (!changes) return 'where it stands in this file is not known'
      return /^\s*\{/.test(from) ? editJson(from, changes) : editText(from, changes, parser.read)
    },
    read: async (edited) => {
      const read = await readAgentFile(edited, parser)
      const [problem] = read.problems
      if (problem) return `the edited file would not be valid: ${problem.summary}`
      return exchanged(machines, { name, text: edited, read }).map(machine)
    },
    judge: (nodes, only) => shownInClients(only, { ...around, nodes }),
  }
}

/** The agents' files with their proven edits, and what the jobs meet then. */
export async function mendAgents(
  met: Met,
  wanted: (report: Report, name: string, text: string) => Report,
  editing: Editing,
  parser: HclParser,
): Promise<{ readonly met: Met; readonly mended: readonly Mended[] }> {
  let now = met
  const mended: Mended[] = []
  for (const { name, text } of agentsOf(met).values()) {
    const file = editableAgent(name, text, now, parser)
    const own = await fixFile(file, (report, of) => wanted(inFile(report, name), name, of), editing)
    mended.push({ name, ...own })
    if (own.text === text) continue
    const read = await readAgentFile(own.text, parser)
    const machines = exchanged(now.machines, { name, text: own.text, read })
    now = { ...now, machines, nodes: machines.map(machine) }
  }
  return { met: now, mended }
}

const inFile = (report: Report, name: string): Report => ({
  ...report,
  findings: report.findings.filter(({ location }) => location?.file === name),
})

/** Findings about the clients; those in an agent's file with their edits tried. */
export async function clientsReport(met: Met, kept: (report: Report) => Report, parser: HclParser): Promise<Report> {
  const before = judgeClients(met)
  const agents = agentsOf(met)
  const report = kept(before.report)
  const findings: Finding[] = []
  for (const finding of report.findings) {
    const file = agents.get(finding.location?.file ?? '')
    const own = { ...report, findings: [finding] }
    findings.push(
      ...(file ? await withDiffs(own, editableAgent(file.name, file.text, met, parser), before) : own).findings,
    )
  }
  return { ...report, findings }
}
