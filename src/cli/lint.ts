import { ignoresIn } from '../jobfile/ignores.ts'
import { fits, type Silenced } from '../jobfile/settings.ts'
import { faultById } from '../knowledge/faults/index.ts'
import type { Report } from '../knowledge/report.ts'
import { json } from '../renderers/json.ts'
import { lintText, type FileProblem, type Linted } from '../renderers/lint.ts'
import { judgeJobs, together } from '../run/lint.ts'
import { nearest } from '../run/names.ts'
import { jobFiles } from '../sources/job-files.ts'
import { commonFlags, flagHelp, listOf, readFlags, textOf, UsageError, type Values } from './flags.ts'
import { opener, type Opener } from './lint-open.ts'
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
  const open = await opener(listOf(values, 'var'), listOf(values, 'var-file'), process.env)
  if (open instanceof UsageError) return open
  const silenced = await settings(textOf(values, 'config'))
  if (silenced instanceof UsageError) return silenced
  const linted = await lintFiles(rest, open, silenced)
  if (linted.files.size === 0 && linted.problems.length === 0)
    return new UsageError('there is no job file in these folders')
  process.stdout.write(await rendered(linted, format, rest, values))
  if (linted.problems.length > 0) return 2
  if (linted.report.findings.some(({ severity }) => severity !== 'risks')) return 1
  return linted.holes.length > 0 ? 3 : 0
}

/** Each file is judged on its own: two of them may be versions of one job. */
async function lintFiles(paths: readonly string[], open: Opener, settled: readonly Silenced[]): Promise<Linted> {
  const files = new Map<string, string>()
  const problems: FileProblem[] = []
  const reports: Report[] = []
  const holes = new Set<string>()
  let ignored = 0
  for await (const file of jobFiles(paths)) {
    if ('refused' in file) {
      problems.push({ file: file.name, line: 0, column: 0, summary: 'cannot be read', detail: file.refused })
      continue
    }
    files.set(file.name, file.text)
    const { jobs, problems: found, holes: left } = await open(file.name, file.text)
    problems.push(...found, ...wrongIgnores(file.name, file.text))
    for (const hole of left) holes.add(`${file.name}: ${hole}`)
    const { report } = judgeJobs(jobs)
    const kept = withoutIgnored(report, file.name, file.text, settled)
    ignored += report.findings.length - kept.findings.length
    reports.push(kept)
  }
  return { report: together(reports), files, problems, holes: [...holes], ignored }
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
      })
    }
    case 'sarif':
      return (await import('../renderers/sarif.ts')).sarif(linted, library)
    case 'junit':
      return (await import('../renderers/junit.ts')).junit(linted, library)
    case 'github':
      return (await import('../renderers/github.ts')).github(linted, library)
  }
}
