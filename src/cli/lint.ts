import { clean, cleanLine } from '../ask/clean.ts'
import { say, terminal } from '../out.ts'
import { json } from '../renderers/json.ts'
import { github } from '../renderers/github.ts'
import { junit } from '../renderers/junit.ts'
import { sarif } from '../renderers/sarif.ts'
import { fixedLines, lintText, type Linted } from '../renderers/lint.ts'
import { commonFlags, flagHelp, listOf, readFlags, serverFlags, textOf, UsageError, type Values } from './flags.ts'
import { clientFiles } from './lint-around.ts'
import { lintFiles } from './lint-files.ts'
import type { Editing } from './lint-fix.ts'
import { opener } from './lint-open.ts'
import { notRead, settings } from './lint-settings.ts'
import { library, styleOf } from './print.ts'
import { tell } from './tell.ts'

const { plain, 'no-color': noColor, help } = commonFlags
const flags = {
  var: {
    takes: 'NAME=VALUE',
    many: true,
    does: 'value of a variable of the job file; may be repeated (NOMAD_VAR_name)',
  },
  'var-file': { takes: 'FILE', many: true, does: 'file with values of variables; may be repeated' },
  client: {
    takes: 'FILE,FILE...',
    many: true,
    does: 'one client with just these files: agent configuration, CNI networks; may be repeated',
  },
  ...serverFlags,
  offline: { does: 'ask no servers, though NOMAD_ADDR names some' },
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

FILE is a job file (HCL2 or JSON), the configuration of a Nomad agent, a CNI network (.conflist, .conf), a namespace
specification, a folder of these, or - for the standard input. Jobs are judged against the agents they will meet: each
agent file is one machine, and CNI files named beside it are on every one; --client is one with just its own files.

${flagHelp(flags)}

Where NOMAD_ADDR or --address names servers, they parse the job files, too, and plan the edits that are shown (as nomad
job plan does, at most 12 of them): the text of each and the values of its variables are sent to them, and nothing is
changed there. With --offline nothing leaves this machine.

A comment silences a fault on its own line, on the next one with the text that begins there, in the texts of the block
that opens there, or, at the top, in the whole file:
  # netdoctor:ignore <fault-id> <reason>
The configuration, nomad-netdoctor.hcl, does so for files:
  ignore "<fault-id>" {
    reason = "..."
    files  = ["legacy/*"]
  }
Its patterns count from the folder it lies in.

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
  if (values['help'] === true) return (tell(`${lintHelp}\n`, values), 0)
  const asked = textOf(values, 'format') ?? 'text'
  const format = formats.find((one) => one === asked)
  if (!format) return new UsageError(`--format ${asked}: there is no such format`, formats)
  if (rest.length === 0)
    return new UsageError('say which files: nomad-netdoctor lint FILE... (- for the standard input)')
  const editing = editingOf(values, rest)
  if (editing instanceof UsageError) return editing
  if (values['offline'] === true && values['address'] !== undefined)
    return new UsageError('--offline and --address exclude each other')
  const open = await opener(listOf(values, 'var'), listOf(values, 'var-file'), process.env, values)
  if (open instanceof UsageError) return open
  const silenced = await settings(textOf(values, 'config'))
  if (silenced instanceof UsageError) return silenced
  const clients = await clientFiles(listOf(values, 'client'))
  if (clients instanceof UsageError) return clients
  const wishes = { settled: silenced, editing, unknown: format === 'json' }
  const planned = ['text', 'json', 'sarif'].includes(format) && editing?.write !== false
  const linted = await lintFiles(rest, clients, open, { ...wishes, planned })
  await open.close?.()
  if (linted instanceof UsageError) return linted
  if (linted.files.size === 0 && linted.problems.length === 0)
    return new UsageError('there is no job file in these folders')
  if (editing?.write === false) say(patchesOf(linted))
  else if (format === 'text') tell(lintText(linted, library, styleOf(values)), values)
  else say(data(linted, format, rest))
  const notes = [...notRead(textOf(values, 'config')), ...linted.notes]
  tell(asideOf({ ...linted, notes }, editing, format), values, 'stderr')
  if (linted.problems.length > 0 || linted.notWritten.length > 0) return 2
  if (linted.report.findings.some(({ severity }) => severity !== 'risks')) return 1
  return linted.holes.length > 0 ? 3 : 0
}

/** How files are to be edited: written, or only shown. */
function editingOf(values: Values, paths: readonly string[]): Editing | undefined | UsageError {
  const [fix, diff, unsafe] = (['fix', 'diff', 'unsafe-fixes'] as const).map((name) => values[name] === true)
  if (!fix && !diff) return unsafe ? new UsageError('--unsafe-fixes needs --fix or --diff') : undefined
  if (fix && diff) return new UsageError('--fix and --diff exclude each other')
  if (fix && paths.includes('-')) return new UsageError('--fix writes files; for the standard input there is --diff')
  return { write: fix === true, unsafe: unsafe === true }
}

/** Diffs that `patch` takes; on a terminal nothing in them can act. */
const patchesOf = ({ patches }: Linted): string => {
  const all = patches.join('')
  return terminal() ? clean(all) : all
}

/** What is said beside the findings: files that were not written or hold no job, and what was done where the findings are data. */
function asideOf(linted: Linted, editing: Editing | undefined, format: Format): string {
  const done = editing && (format !== 'text' || !editing.write) ? fixedLines(linted, editing.write) : []
  const passed = linted.passedOver.map((name) => `${name} is passed over: no job in it`)
  return [...linted.notes, ...linted.notWritten, ...passed, ...done].map((line) => `${cleanLine(line)}\n`).join('')
}

/** Findings for programs. */
function data(linted: Linted, format: Exclude<Format, 'text'>, paths: readonly string[]): string {
  switch (format) {
    case 'json': {
      const frame = {
        source: { kind: 'files', where: paths.join(' ') },
        subject: { from: null, to: null, port: null, symptom: 'unknown' },
      } as const
      return json(linted.report, frame, {
        problems: linted.problems,
        notEvaluated: linted.holes,
        silenced: linted.ignored,
        ...(linted.unmet.length > 0 ? { withoutClient: linted.unmet } : {}),
        ...(linted.fixed.length > 0 ? { fixed: linted.fixed } : {}),
      })
    }
    case 'sarif':
      return sarif(linted, library)
    case 'junit':
      return clean(junit(linted, library))
    case 'github':
      return clean(github(linted, library))
  }
}
