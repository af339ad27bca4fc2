import { clean, cleanLine } from '../ask/clean.ts'
import { ignoresIn } from '../jobfile/ignores.ts'
import { fits, type Silenced } from '../jobfile/settings.ts'
import { faultById } from '../knowledge/faults/index.ts'
import type { Report } from '../knowledge/report.ts'
import { json } from '../renderers/json.ts'
import { github } from '../renderers/github.ts'
import { junit } from '../renderers/junit.ts'
import { sarif } from '../renderers/sarif.ts'
import { fixedLines, lintText, type FileProblem, type Fixed, type Linted } from '../renderers/lint.ts'
import { judgeJobs, together } from '../run/lint.ts'
import { withDiffs } from '../run/prove.ts'
import { nearest } from '../run/names.ts'
import { jobFiles } from '../sources/job-files.ts'
import { commonFlags, flagHelp, listOf, readFlags, textOf, UsageError, type Values } from './flags.ts'
import { editable, fixFile, type Editing } from './lint-fix.ts'
import { opener, parsers, type Opener } from './lint-open.ts'
import { settings } from './lint-settings.ts'
import { library, styleOf } from './print.ts'

const { plain, 'no-color': noColor, help } = commonFlags
const flags = {
  var: {
    takes: 'NAME=VALUE',
    many: true,
    does: 'value of a variable of the job file; may be repeated (NOMAD_VAR_name)',
  },
  'var-file': { takes: 'FILE', many: true, does: 'file with values of variables; may be repeated' },
  config: { takes: 'FILE', does: 'faults to leave out; nomad-netdoctor.hcl or .json of this folder when not given' },
  fix: { does: 'write corrected files: edits that are proven and safe' },
  'unsafe-fixes': { does: 'with --fix or --diff: also proven edits that a person should look at' },
  diff: { does: 'print what --fix would change, and write nothing' },
  format: { takes: 'text|json|sarif|junit|github', does: 'how findings are printed' },
  plain,
  'no-color': noColor,
  help,
} as const

export const lintHelp = `nomad-netdoctor lint FILE...: every known fault of job files, without a cluster

FILE is a job file (HCL2 or JSON), a folder of them, or - for the standard input.

${flagHelp(flags)}

A comment silences a fault on its own line, on the next one, or, at the top, in the whole file:
  # netdoctor:ignore <fault-id> <reason>
The configuration does so for files: ignore "<fault-id>" { reason = "...", files = ["legacy/*"] } (a line each)

An edit is proven when the edited file, judged again, no longer has the fault and nothing else breaks in it.
With --fix, findings and exit code are those of the corrected files.

Exit codes: 0 nothing wrong found · 1 a finding that breaks or degrades · 2 wrong usage, or a file that
cannot be read · 3 no such finding, but a part of a file cannot be evaluated`

const formats = ['text', 'json', 'sarif', 'junit', 'github'] as const
type Format = (typeof formats)[number]

/** Job files, judged and printed. */
export async function lint(argv: readonly string[]): Promise<number | UsageError> {
  const read = readFlags(argv, flags, true)
  if (read instanceof UsageError) return read
  const { values, rest } = read
  if (values['help'] === true) return (process.stdout.write(`${lintHelp}\n`), 0)
  const asked = textOf(values, 'format') ?? 'text'
  const format = formats.find((one) => one === asked)
  if (!format) return new UsageError(`--format ${asked}: there is no such format`, formats)
  if (rest.length === 0)
    return new UsageError('say which files: nomad-netdoctor lint FILE... (- for the standard input)')
  const editing = editingOf(values, rest)
  if (editing instanceof UsageError) return editing
  const open = await opener(listOf(values, 'var'), listOf(values, 'var-file'), process.env)
  if (open instanceof UsageError) return open
  const silenced = await settings(textOf(values, 'config'))
  if (silenced instanceof UsageError) return silenced
  const linted = await lintFiles(rest, open, silenced, editing)
  if (linted.files.size === 0 && linted.problems.length === 0)
    return new UsageError('there is no job file in these folders')
  process.stdout.write(editing?.write === false ? patchesOf(linted) : await rendered(linted, format, rest, values))
  process.stderr.write(asideOf(linted, editing, format))
  if (linted.problems.length > 0 || linted.notWritten.length > 0) return 2
  if (linted.report.findings.some(({ severity }) => severity !== 'risks')) return 1
  return linted.holes.length > 0 ? 3 : 0
}

/** Each file is judged on its own: two of them may be versions of one job. */
async function lintFiles(
  paths: readonly string[],
  open: Opener,
  settled: readonly Silenced[],
  editing: Editing | undefined,
): Promise<Linted> {
  const files = new Map<string, string>()
  const problems: FileProblem[] = []
  const reports: Report[] = []
  const holes = new Set<string>()
  const fixed: Fixed[] = []
  const patches: string[] = []
  const notWritten: string[] = []
  let ignored = 0
  for await (const file of jobFiles(paths)) {
    if ('refused' in file) {
      problems.push({ file: file.name, line: 0, column: 0, summary: 'cannot be read', detail: file.refused })
      continue
    }
    const wanted = (report: Report, text: string) => withoutIgnored(report, file.name, text, settled)
    const own = editing && (await fixFile(editable(file.name, file.text, open, await parsers()), wanted, editing))
    if (own) fixed.push(...own.fixed)
    if (own?.patch) patches.push(own.patch)
    if (own?.refused !== undefined) notWritten.push(`${file.name} is not written: ${own.refused}`)
    const text = own?.text ?? file.text
    files.set(file.name, text)
    const { jobs, problems: found, holes: left } = await open(file.name, text)
    problems.push(...found, ...wrongIgnores(file.name, text))
    for (const hole of left) holes.add(`${file.name}: ${hole}`)
    const before = judgeJobs(jobs)
    const kept = wanted(before.report, text)
    ignored += before.report.findings.length - kept.findings.length
    reports.push(await withDiffs(kept, editable(file.name, text, open, await parsers()), before))
  }
  return { report: together(reports), files, problems, holes: [...holes], ignored, fixed, patches, notWritten }
}

/** How files are to be edited: written, or only shown. */
function editingOf(values: Values, paths: readonly string[]): Editing | undefined | UsageError {
  const [fix, diff, unsafe] = (['fix', 'diff', 'unsafe-fixes'] as const).map((name) => values[name] === true)
  if (!fix && !diff) return unsafe ? new UsageError('--unsafe-fixes says which edits --fix or --diff make') : undefined
  if (fix && diff) return new UsageError('--fix and --diff exclude each other')
  if (fix && paths.includes('-')) return new UsageError('--fix writes files; for the standard input there is --diff')
  return { write: fix === true, unsafe: unsafe === true }
}

function withoutIgnored(report: Report, name: string, text: string, settled: readonly Silenced[]): Report {
  const ignores = ignoresIn(text)
  const silenced = (id: string, line: number | undefined) =>
    ignores.some(({ fault, reason, of }) => fault === id && reason !== '' && (of === undefined || of === line)) ||
    settled.some(({ fault, files }) => fault === id && (files.length === 0 || files.some((one) => fits(one, name))))
  const findings = report.findings.filter(
    ({ id, location }) => !silenced(id, location?.file === name ? location.line : undefined),
  )
  return { ...report, findings }
}

/** Silencing needs an existing fault and a reason. */
const wrongIgnores = (file: string, text: string): readonly FileProblem[] =>
  ignoresIn(text).flatMap(({ fault, reason, line }) => {
    const at = { file, line, column: 1 }
    if (!faultById.has(fault)) {
      const offers = nearest(fault, [...faultById.keys()])
      const meant = offers.length === 0 ? '' : `Did you mean: ${offers.join(', ')}`
      return [{ ...at, summary: `netdoctor:ignore: there is no fault "${fault}"`, detail: meant }]
    }
    return reason === '' ? [{ ...at, summary: `netdoctor:ignore ${fault}: the reason is missing`, detail: '' }] : []
  })

/** Diffs that `patch` takes; on a terminal nothing in them can act. */
const patchesOf = ({ patches }: Linted): string => {
  const all = patches.map((one) => `${one}\n`).join('')
  return process.stdout.isTTY ? clean(all) : all
}

/** What is said beside the findings: files that were not written, and what was done where the findings are data. */
function asideOf(linted: Linted, editing: Editing | undefined, format: Format): string {
  const done = editing && (format !== 'text' || !editing.write) ? fixedLines(linted, editing.write) : []
  return [...linted.notWritten, ...done].map((line) => `${cleanLine(line)}\n`).join('')
}

async function rendered(linted: Linted, format: Format, paths: readonly string[], values: Values): Promise<string> {
  switch (format) {
    case 'text':
      return lintText(linted, library, styleOf(values))
    case 'json': {
      const frame = {
        source: { kind: 'files', where: paths.join(' ') },
        subject: { from: null, to: null, port: null, symptom: 'unknown' },
      } as const
      return json(linted.report, frame, {
        problems: linted.problems,
        notEvaluated: linted.holes,
        silenced: linted.ignored,
        ...(linted.fixed.length > 0 ? { fixed: linted.fixed } : {}),
      })
    }
    case 'sarif':
      return sarif(linted, library)
    case 'junit':
      return junit(linted, library)
    case 'github':
      return github(linted, library)
  }
}
