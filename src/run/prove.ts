/** Fixes as diffs, tried before they are offered: the edited file is laid over the same facts and judged again. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY, structuredPatch } from 'diff'
import type { Edit } from '../knowledge/edit.ts'
import type { FixStep, LineChange } from '../knowledge/fault.ts'
import type { Finding, Report } from '../knowledge/report.ts'
import type { FileJob } from '../probes/job-file.ts'
import type { Shown } from './loop.ts'

/** A file as text, and how it is edited and read again. `Read`: what it holds, the jobs of a job file. */
export interface EditableFile<Read = readonly FileJob[]> {
  readonly name: string
  readonly text: string
  /** A text as it may be shown; as it is, when left out. */
  readonly shown?: (text: string) => string
  /** The text with the edits made; why not, when it cannot be done. */
  readonly edit: (text: string, edits: readonly Edit[]) => { readonly text: string; readonly plain: boolean } | string
  /** What a text holds; why not, when it is not valid. */
  readonly read: (text: string) => Promise<Read | string>
  /** This in the place of what is judged, everything else as it is. `only`: no other faults are wanted. */
  readonly judge: (read: Read, only?: ReadonlySet<string>) => Shown
}
/** What the file shows as it is, at least of these faults. */
export type Before = (faults: ReadonlySet<string>) => Shown
export interface Tried {
  readonly step: FixStep
  /** The whole file afterwards; only where the step is proven. */
  readonly after?: string
}

/** A fault may be there several times in one thing: its step is taken again until it is gone. */
const most = 40

/** The fault alone is judged until it is gone, and everything only then. */
export async function tried<Read>(
  finding: Finding,
  index: number,
  file: EditableFile<Read>,
  before: Before,
): Promise<Tried> {
  const step = finding.fix[index]
  if (!step) throw new Error('there is no such step')
  if (!step.edit) return { step }
  const own = new Set([finding.id])
  const was = before(own)
  let text = file.text
  let plain = true
  let edit: readonly Edit[] | undefined = step.edit
  let last: { readonly read: Read; readonly shown: Shown } | undefined
  for (let turn = 0; turn < most && edit; turn++) {
    const made = file.edit(text, edit)
    if (typeof made === 'string') return { step: noted(step, `no automatic edit: ${made}`) }
    if (made.text === text) break
    const read = await file.read(made.text)
    if (typeof read === 'string') return { step: noted(step, `no automatic edit: ${read}`) }
    text = made.text
    plain &&= made.plain
    last = { read, shown: file.judge(read, own) }
    const [left, ...others] = sameFindings(last.shown.report, finding)
    // One of several that are each for itself is edited alone.
    const alone = others.length === 0 && sameFindings(was.report, finding).length === 1
    edit = !alone || left?.sentence === finding.sentence ? undefined : left?.fix[index]?.edit
  }
  const { safe, ...rest } = step
  if (text === file.text || !last) return { step: noted(step, 'no automatic edit: the file has it already') }
  const { read, shown } = last
  const made = { ...rest, ...asShown(file, text) }
  // What was measured of a process stays as it was until it is started anew.
  const left = sameFindings(shown.report, finding)
  if (finding.about.startsWith('alloc:') && left.length > 0) return { step: { ...made, note: untried } }
  const why = objection(finding, was, shown) ?? brought(before, file.judge(read))
  // An edit that changes nothing about it is of no use to anybody.
  if (why === stays && left.some(({ sentence }) => sentence === finding.sentence))
    return { step: noted(step, `no automatic edit: with it ${stays}`) }
  if (why !== undefined) return { step: { ...made, note: `not proven: ${why}` } }
  return { step: { ...made, ...(safe && plain ? { safe } : {}), proven: true }, after: text }
}

const stays = 'the fault would still be there'
const untried = 'It takes effect with a new allocation, so what runs now cannot prove it: verify again after it'

const noted = ({ do: what, on, run, risk }: FixStep, note: string): FixStep => ({
  do: what,
  on,
  ...(run ? { run } : {}),
  risk,
  note,
})
export const sameFindings = ({ findings }: Report, { id, about }: Finding): readonly Finding[] =>
  findings.filter((one) => one.id === id && one.about === about)

/** It is gone, and what stood beside it is as it was. */
function isGone(finding: Finding, before: Shown, after: Shown): boolean {
  const known = sameFindings(before.report, finding).map(({ sentence }) => sentence)
  const left = sameFindings(after.report, finding).map(({ sentence }) => sentence)
  return left.length < known.length && left.every((one) => one !== finding.sentence && known.includes(one))
}

/** What speaks against an edit: its fault is not gone. */
function objection(finding: Finding, before: Shown, after: Shown): string | undefined {
  const { id, about } = finding
  const shown = before.verdicts.find((one) => one.fault === id && one.about === about && one.verdict === 'present')
  const of = ({ verdicts }: Shown) => verdicts.filter(({ fault }) => fault === id)
  // What needs a cluster is as unknown as before: the rule that found the fault has to say that it is gone.
  const ruled = (all: Shown) => of(all).filter(({ foretold }) => foretold === shown?.foretold)
  const left = of(after).some((one) => one.about === about && one.verdict === 'present')
  if (left && !isGone(finding, before, after)) return stays
  if (ruled(after).some((one) => one.about === about && one.verdict === 'unknown'))
    return 'whether the fault is gone cannot be told'
  const open = (all: Shown) => ruled(all).filter(({ verdict }) => verdict !== 'absent').length
  return !left && open(after) >= open(before) ? 'the fault would only be somewhere else' : undefined
}

/** Its sentence may count what is there, and an edit may change the count. */
const kindOf = ({ id, about }: Finding): string => `${id} ${about}`

/** The same: something else is wrong now. */
function brought(before: Before, { report }: Shown): string | undefined {
  const found = harmful(report)
  const known = new Set(harmful(before(new Set(found.map(({ id }) => id))).report).map(kindOf))
  const fresh = found.find((one) => !known.has(kindOf(one)))
  return fresh && `it would bring ${fresh.id}`
}

const harmful = ({ findings }: Report): readonly Finding[] => findings.filter(({ severity }) => severity !== 'risks')

/** What the edits make of a file. A change by lines that hides something would write the mark into it. */
function asShown<Read>({ name, text, shown = (same) => same }: EditableFile<Read>, after: string) {
  const diff = patch(name, shown(text), shown(after))
  const changes = lineChanges(text, after)
  return changes.some((one) => shown(one.text) !== one.text) ? { diff } : { diff, changes }
}

/** A unified diff; empty when nothing differs. */
export const patch = (name: string, before: string, after: string): string =>
  before === after
    ? ''
    : createTwoFilesPatch(name, name, before, after, undefined, undefined, {
        context: 3,
        headerOptions: FILE_HEADERS_ONLY,
      }).trimEnd()

const lineChanges = (before: string, after: string): readonly LineChange[] =>
  structuredPatch('', '', before, after, undefined, undefined, { context: 0 }).hunks.map(
    ({ oldStart, oldLines, lines }) => {
      const line = oldLines === 0 ? oldStart + 1 : oldStart
      const added = lines.filter((one) => one.startsWith('+')).map((one) => `${one.slice(1)}\n`)
      const whole = lines.at(-1)?.startsWith('\\') ? added.join('').slice(0, -1) : added.join('')
      return { line, endLine: line + oldLines, text: whole }
    },
  )

/** Every step of every finding that has an edit, tried. */
export async function withDiffs<Read>(report: Report, file: EditableFile<Read>, before: Shown): Promise<Report> {
  const findings: Finding[] = []
  for (const finding of report.findings) {
    const fix: FixStep[] = []
    for (const index of finding.fix.keys()) fix.push((await tried(finding, index, file, () => before)).step)
    findings.push({ ...finding, fix })
  }
  return { ...report, findings }
}
