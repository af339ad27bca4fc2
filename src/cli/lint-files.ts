import { linesOf } from '../jobfile/comments.ts'
import { inJson } from '../jobfile/json-words.ts'
import { isApiJob, isPart, kindOf } from '../jobfile/kind.ts'
import type { Silenced } from '../jobfile/settings.ts'
import type { Report } from '../knowledge/report.ts'
import type { Source } from '../probes/agent-file.ts'
import type { FileProblem, Fixed, Linted } from '../renderers/lint.ts'
import { judgeJobs, withoutClient } from '../run/lint.ts'
import { explained, together } from '../run/lint-together.ts'
import { withDiffs } from '../run/prove.ts'
import { jobFiles } from '../sources/job-files.ts'
import type { Decoded } from '../sources/text-file.ts'
import { UsageError } from './flags.ts'
import { around } from './lint-around.ts'
import { besideJobs, clientsReport, mendAgents, mendForJobs } from './lint-agents.ts'
import { editable, fixFile, type Editing, type Mended } from './lint-fix.ts'
import { atWork, idleIgnores, unused, withoutIgnored, wrongIgnores } from './lint-ignores.ts'
import { parsers, type Opener } from './lint-open.ts'
import { undeclared } from './lint-variables.ts'

interface Wishes {
  readonly settled: readonly Silenced[]
  readonly editing: Editing | undefined
  /** What is not known is printed one by one, and not only counted. */
  readonly unknown: boolean
  /** The servers are asked what they would do with the edits: these are shown. */
  readonly planned: boolean
}

/** Each job file is judged on its own, since two of them may be versions of one job; all meet the same clients. */
export async function lintFiles(
  paths: readonly string[],
  clients: readonly (readonly Source[])[],
  open: Opener,
  { settled, editing, unknown, planned }: Wishes,
): Promise<Linted | UsageError> {
  const { read, problems, others: left } = await readAll(paths)
  const notes = open.asked ? await undeclared(open.asked, read) : []
  if (notes instanceof UsageError) return notes
  const idle = unused(
    settled,
    [...read, ...clients.flat()].map(({ name }) => name),
  )
  const others = read.filter(({ name, text }) => ['agent', 'cni', 'namespace'].includes(kindOf(name, text)))
  const jobFiles = read.filter((one) => !others.includes(one))
  let met = await around(others, clients, jobFiles)
  const parser = parsers()
  const plan = planned && open.plan ? { plan: open.plan } : {}
  const files = new Map([...read, ...clients.flat()].map(({ name, text }) => [name, text] as const))
  const holes = new Set<string>()
  const fixed: Fixed[] = []
  const patches: string[] = []
  const notWritten: string[] = []
  const passedOver: string[] = []
  const unmet: string[] = []
  const reports: Report[] = []
  let ignored = 0
  const working = new Set<string>()
  const keep = (report: Report, texts: ReadonlyMap<string, string>): Report => {
    const kept = withoutIgnored(report, texts, settled)
    ignored += report.findings.length - kept.findings.length
    for (const one of atWork(report, texts)) working.add(one)
    // Neither is printed of files, and of a thousand files they are most of the memory.
    return { ...kept, steps: [], unknown: unknown ? kept.unknown : [] }
  }
  const note = ({ name, text, fixed: done, patch, refused }: Mended): void => {
    fixed.push(...done)
    if (patch !== '') patches.push(patch)
    if (refused !== undefined) notWritten.push(`${name} is not written: ${refused}`)
    files.set(name, text)
  }
  const without = (report: Report, name: string, text: string) =>
    withoutIgnored(report, new Map([[name, text]]), settled)
  if (editing) {
    const { met: after, mended } = await mendAgents(met, without, editing)
    mended.forEach(note)
    met = { ...met, ...after }
  }
  const ofClients = met.nodes.length > 0 ? await clientsReport(met, (report) => keep(report, files)) : undefined
  if (ofClients) reports.push(ofClients)
  problems.push(...met.problems)
  for (const file of jobFiles) {
    const wanted = (report: Report, text: string) => without(report, file.name, text)
    const own = editing && (await fixFile(editable(file.name, file.text, open, parser, met), wanted, editing))
    if (own) note({ name: file.name, ...own })
    const text = own?.text ?? file.text
    const { jobs, problems: found, holes: left, jobless } = await open(file.name, text)
    if (editing && jobs.length > 0) {
      const { met: after, mended } = await mendForJobs(jobs, met, (report) => wanted(report, text), editing)
      mended.filter(({ fixed: done, refused }) => done.length > 0 || refused !== undefined).forEach(note)
      met = { ...met, ...after }
    }
    if (jobless && file.walked) {
      files.delete(file.name)
      passedOver.push(file.name)
      continue
    }
    problems.push(...found)
    for (const hole of left) holes.add(`${file.name}:${/^\d+:/.test(hole) ? '' : ' '}${hole}`)
    const before = judgeJobs(jobs, met)
    unmet.push(...withoutClient(before, met).map((words) => `${file.name}: ${words}`))
    const kept = explained(keep(before.report, new Map([[file.name, text]])), ofClients, met)
    const shown = await withDiffs(
      kept,
      { ...editable(file.name, text, open, parser, met), ...plan },
      before,
      besideJobs(jobs, met),
    )
    reports.push(isApiJob(text) ? inWordsOfJson(shown) : shown)
  }
  for (const [name, text] of files) problems.push(...wrongIgnores(name, text))
  // What is not known may be what a comment speaks of.
  const spare = problems.length + holes.size > 0 ? [] : idleIgnores(files, working)
  const report = together(reports)
  return {
    report,
    files,
    problems,
    holes: [...holes],
    ignored,
    fixed,
    patches,
    notWritten,
    notes: [...notes, ...idle, ...spare, ...(jobFiles.length > 0 ? unheard(open, report) : [])],
    passedOver,
    others: left,
    unmet,
    ...(open.unasked === undefined ? {} : { unasked: open.unasked }),
  }
}

/** Servers that were named and did not answer; where edits are shown, it stands beside them. */
const unheard = ({ unheard: why }: Opener, { findings }: Report): readonly string[] =>
  why === undefined || findings.some(({ fix }) => fix.some(({ unplanned }) => unplanned === why))
    ? []
    : [`The servers did not parse the job files: ${why}`]

/** Steps that a person makes in the file name its parts as it does. */
const inWordsOfJson = (report: Report): Report => ({
  ...report,
  findings: report.findings.map((finding) => ({
    ...finding,
    fix: finding.fix.map((step) => (step.on === 'job file' ? { ...step, do: inJson(step.do) } : step)),
  })),
})

/** Bytes that are no text, where HCL reads them: in comments agents alone do, and JSON takes them. */
function misread({ name, text, broken }: Read & Pick<Decoded, 'broken'>): FileProblem | undefined {
  if (broken.length === 0 || /^\s*[[{]/.test(text)) return undefined
  const lines = kindOf(name, text) === 'agent' ? [] : linesOf(text)
  const at = broken.find(({ line, column }) => !lines[line - 1]?.comments.some((one) => one.column <= column))
  const detail = 'All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor.'
  return at && { file: name, ...at, summary: 'Invalid character encoding', detail }
}

/** What only a machine's other files explain, such as its telemetry, may be that of another program. */
const isOurs = ({ name, text }: Source): boolean => kindOf(name, text) !== 'other' && !isPart(text)

/** `walked`: it was found in a folder, not named. */
type Read = Source & { readonly walked?: true }

async function readAll(
  paths: readonly string[],
): Promise<{ read: readonly Read[]; problems: FileProblem[]; others: number }> {
  const problems: FileProblem[] = []
  const read: Read[] = []
  let others = 0
  for await (const file of jobFiles(paths)) {
    if ('other' in file) {
      others++
      continue
    }
    if ('refused' in file) {
      problems.push({ file: file.name, line: 0, column: 0, summary: 'cannot be read', detail: file.refused })
      continue
    }
    const wrong = misread(file)
    if (wrong) problems.push(wrong)
    // In a folder, other HCL and JSON files are nobody's mistake.
    else if (file.walked !== true || isOurs(file)) read.push(file)
    else others++
  }
  return { read, problems, others }
}
