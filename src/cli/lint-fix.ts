import { editText } from '../jobfile/edit.ts'
import { editJson } from '../jobfile/json-edit.ts'
import { givenValues } from '../jobfile/read.ts'
import type { HclParser } from '../jobfile/parser.ts'
import { asFile } from '../jobfile/variables.ts'
import type { JobSource } from '../knowledge/shapes/job.ts'
import type { Report } from '../knowledge/report.ts'
import { changesOf } from '../probes/job-edit.ts'
import { shownInJobs, type Around } from '../run/lint.ts'
import type { Shown } from '../run/loop.ts'
import type { FileReader } from '../run/mend.ts'
import { patch } from '../run/patch.ts'
import { tried, type EditableFile } from '../run/prove.ts'
import type { Fixed } from '../renderers/lint.ts'
import { rewrite } from '../sources/rewrite.ts'
import { openerOf, parsers, type Opener } from './lint-open.ts'

/** A job file that can be edited. */
export const editable = (
  name: string,
  text: string,
  open: Opener,
  parser: HclParser,
  around?: Around,
): EditableFile => ({
  ...editing(name, text, open, parser),
  judge: (jobs, only) => shownInJobs(only, jobs, around),
})

/** The file of a job that the servers have, with the values it was submitted with. */
export async function submitted({ file, text, variables, flags = {} }: JobSource): ReturnType<FileReader> {
  const parser = parsers()
  const files = variables === undefined ? [] : [{ name: 'variables.hcl', text: variables }]
  const vars = Object.entries(flags).map(([name, value]) => `${name}=${value}`)
  const given = await givenValues(vars, files, {}, parser)
  const values = typeof given === 'string' ? new Map<never, never>() : given
  const by = new Map([...values.keys()].map((name) => [name, 'what the job was submitted with'] as const))
  const own = editing(file, text, Object.assign(openerOf(values, parser), { given: by }), parser)
  return { ...own, variables: typeof given === 'string' ? (variables ?? '') : asFile(given) }
}

const editing = (name: string, text: string, open: Opener, parser: HclParser): Omit<EditableFile, 'judge'> => ({
  name,
  text,
  edit: async (from, edits, here) => {
    const changes = changesOf(edits, name)
    if (!changes) return 'where it stands in the file is not known'
    return /^\s*\{/.test(from)
      ? editJson(from, changes)
      : parser.reading((read) => editText(from, changes, read, { ...(open.given ? { given: open.given } : {}), here }))
  },
  read: async (from) => {
    const { jobs, problems, holes } = await open(name, from)
    const [problem] = problems
    if (problem) return `the edited file would not be valid: ${problem.summary}`
    return jobs.length === 0 ? (holes[0] ?? 'the edited file would hold no job') : jobs
  },
})

export interface Editing {
  readonly write: boolean
  readonly unsafe: boolean
}
/** What came of the edits of a file; the text is the one that counts afterwards. */
export interface Mended {
  readonly name: string
  readonly text: string
  readonly fixed: readonly Fixed[]
  readonly patch: string
  readonly refused?: string
}
type Wanted = (report: Report, text: string) => Report

/** A file with all its proven edits; written when that is asked for. The text is the one that counts afterwards. */
export async function fixFile<Read>(
  file: EditableFile<Read>,
  wanted: Wanted,
  { write, unsafe }: Editing,
): Promise<Omit<Mended, 'name'>> {
  const { text, fixed } = await fixText(file, wanted, unsafe)
  const changed = patch(file.name, file.text, text)
  if (!write) return { text: file.text, fixed, patch: changed }
  const refused = fixed.length > 0 ? await rewrite(file.name, file.text, text) : undefined
  return refused === undefined ? { text, fixed, patch: changed } : { text: file.text, fixed: [], patch: '', refused }
}
/** More than any file has; so that edits that undo each other come to an end. */
const most = 100

/** Applies every proven edit, the safe ones or all, until there is none left. `wanted`: the findings that count. */
export async function fixText<Read>(
  file: EditableFile<Read>,
  wanted: Wanted,
  unsafe: boolean,
): Promise<{ text: string; fixed: readonly Fixed[] }> {
  let text = file.text
  const fixed: Fixed[] = []
  const seen = new Set([text])
  for (let turn = 0; turn < most; turn++) {
    const read = await file.read(text)
    if (typeof read === 'string') break
    const next = await nextFix({ ...file, text }, file.judge(read), wanted, unsafe, seen)
    if (!next) break
    text = next.text
    seen.add(text)
    fixed.push(next.fixed)
  }
  return { text, fixed }
}

async function nextFix<Read>(
  file: EditableFile<Read>,
  before: Shown,
  wanted: Wanted,
  unsafe: boolean,
  seen: ReadonlySet<string>,
): Promise<{ text: string; fixed: Fixed } | undefined> {
  for (const finding of wanted(before.report, file.text).findings)
    for (const index of finding.fix.keys()) {
      const { step, after } = await tried(finding, index, file, () => before)
      if (after === undefined || seen.has(after) || !(step.safe || unsafe)) continue
      const { id, about } = finding
      return { text: after, fixed: { file: file.name, id, about, do: step.do, safe: step.safe === true } }
    }
  return undefined
}
