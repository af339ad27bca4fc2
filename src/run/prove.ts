/** Fixes as diffs, tried before they are offered: the edited file is laid over the same facts and judged again. */
import type { Edit } from '../knowledge/edit.ts'
import type { FixStep, Planned } from '../knowledge/fault.ts'
import type { Finding, Report } from '../knowledge/report.ts'
import type { Spot } from '../knowledge/resolve.ts'
import type { FileNode } from '../probes/agent-file.ts'
import type { FileJob } from '../probes/job-file.ts'
import type { Shown } from './loop.ts'
import { lineChanges, patch } from './patch.ts'

interface Edited {
  readonly text: string
  /** It replaces nothing but values written out. */
  readonly plain: boolean
  /** What a person would not expect of it. */
  readonly said?: string
  /** It could be made in the attribute itself, too. */
  readonly elsewhere?: true
}
/** A file as text, and how it is edited and read again. `Read`: what it holds, the jobs of a job file. */
export interface EditableFile<Read = readonly FileJob[]> {
  readonly name: string
  readonly text: string
  /** A text as it may be shown; as it is, when left out. */
  readonly shown?: (text: string) => string
  /** The text with the edits made; why not, when it cannot be done. `here`: not in the default of a variable. */
  readonly edit: (text: string, edits: readonly Edit[], here: boolean) => Promise<Edited | string>
  /** What a text holds; why not, when it is not valid. */
  readonly read: (text: string) => Promise<Read | string>
  /** This in the place of what is judged, everything else as it is. `only`: no other faults are wanted. */
  readonly judge: (read: Read, only?: ReadonlySet<string>) => Shown
  /** Asks for what only the edited file makes worth knowing; whether anything came of it. */
  readonly learn?: (spots: readonly Spot[]) => Promise<boolean>
  /** What the servers would do with an edited text, as far as they may be asked. */
  readonly plan?: (edited: string) => Promise<Planned>
}
/** What the file shows as it is, at least of these faults. */
export type Before = (faults: ReadonlySet<string>) => Shown
export interface Tried {
  readonly step: FixStep
  /** The whole file as the step shows it. */
  readonly edited?: string
  /** The same; only where the step is proven. */
  readonly after?: string
}

/** The step with what the servers would do with its edit. */
export const planned = async ({ step, edited }: Tried, { plan }: Pick<EditableFile, 'plan'>): Promise<FixStep> =>
  edited === undefined || !plan ? step : { ...step, ...(await plan(edited)) }

/** A fault may be there several times in one thing: its step is taken again until it is gone. */
const most = 40

/** The default of a variable is changed where that is proven; otherwise what takes the variable's place is tried. */
export async function tried<Read>(
  finding: Finding,
  index: number,
  file: EditableFile<Read>,
  before: Before,
): Promise<Tried> {
  const first = await triedIn(finding, index, file, before, false)
  if (!first.elsewhere || first.after !== undefined) return first
  const second = await triedIn(finding, index, file, before, true)
  return second.after === undefined ? first : second
}

interface TriedIn extends Tried {
  readonly elsewhere: boolean
}
async function triedIn<Read>(
  finding: Finding,
  index: number,
  file: EditableFile<Read>,
  before: Before,
  here: boolean,
): Promise<TriedIn> {
  const step = finding.fix[index]
  if (!step) throw new Error('there is no such step')
  if (!step.edit) return { step, elsewhere: false }
  const own = new Set([finding.id])
  const was = before(own)
  const made = await editedUntilGone(finding, index, step.edit, { file, was, own, here })
  const { elsewhere } = made
  if ('why' in made) return { step: noted(step, `no automatic edit: ${made.why}`), elsewhere }
  const { text, plain, said, read, shown } = made
  const { safe, ...rest } = step
  const diffed = { ...rest, ...asShown(file, text) }
  // What was measured of a process stays as it was until it is started anew.
  const left = sameFindings(shown.report, finding)
  if (finding.about.startsWith('alloc:') && left.length > 0)
    return { step: { ...diffed, note: joined(said, untried) }, edited: text, elsewhere }
  const why = objection(finding, was, shown)
  // An edit that changes nothing about it is of no use to anybody.
  if (why === stays && left.some(({ sentence }) => sentence === finding.sentence))
    return { step: noted(step, `no automatic edit: with it ${stays}`), elsewhere }
  if (why !== undefined)
    return { step: { ...diffed, note: joined(said, `not proven: ${why}`) }, edited: text, elsewhere }
  const uncovers = brought(before, file.judge(read))
  if (uncovers.length > 0) {
    const uncovered = uncovers.map(({ id, about }) => ({ id, about }))
    const step = { ...diffed, note: joined(said, `not proven: ${uncovering(uncovers)}`), uncovers: uncovered }
    return { step, edited: text, elsewhere }
  }
  const note = said === '' ? {} : { note: said }
  const proven: FixStep = { ...diffed, ...(safe && plain ? { safe } : {}), proven: true, ...note }
  return { step: proven, edited: text, after: text, elsewhere }
}

const joined = (...words: readonly string[]): string => words.filter(Boolean).join('. ')

interface Trying<Read> {
  readonly file: EditableFile<Read>
  readonly was: Shown
  readonly own: ReadonlySet<string>
  readonly here: boolean
}
type Made<Read> = { readonly elsewhere: boolean } & (
  | { readonly why: string }
  | {
      readonly text: string
      readonly plain: boolean
      readonly said: string
      readonly read: Read
      readonly shown: Shown
    }
)
/** The fault alone is judged until it is gone. */
async function editedUntilGone<Read>(
  finding: Finding,
  index: number,
  first: readonly Edit[],
  { file, was, own, here }: Trying<Read>,
): Promise<Made<Read>> {
  let [text, plain, elsewhere] = [file.text, true, false]
  const said = new Set<string>()
  let edit: readonly Edit[] | undefined = first
  let last: { readonly read: Read; readonly shown: Shown } | undefined
  for (let turn = 0; turn < most && edit; turn++) {
    const made = await file.edit(text, edit, here)
    if (typeof made === 'string') return { why: made, elsewhere }
    elsewhere ||= made.elsewhere === true
    if (made.text === text) break
    const read = await file.read(made.text)
    if (typeof read === 'string') return { why: read, elsewhere }
    if (made.said !== undefined) said.add(made.said)
    text = made.text
    plain &&= made.plain
    last = { read, shown: await judgedWith(file, read, own) }
    const [left, ...others] = sameFindings(last.shown.report, finding)
    // One of several that are each for itself is edited alone.
    const alone = others.length === 0 && sameFindings(was.report, finding).length === 1
    edit = !alone || left?.sentence === finding.sentence ? undefined : left?.fix[index]?.edit
  }
  return text === file.text || !last
    ? { why: 'the file has it already', elsewhere }
    : { text, plain, said: [...said].join('. '), elsewhere, ...last }
}

/** What the edited file shows of these faults, when what is worth knowing now has been asked, too. */
async function judgedWith<Read>(file: EditableFile<Read>, read: Read, own: ReadonlySet<string>): Promise<Shown> {
  const shown = file.judge(read, own)
  const open = shown.verdicts.flatMap((one) => (one.verdict === 'unknown' && own.has(one.fault) ? one.at : []))
  return open.length > 0 && (await file.learn?.(open)) ? file.judge(read, own) : shown
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
export const sameFindings = ({ findings }: Report, { id, about }: Pick<Finding, 'id' | 'about'>): readonly Finding[] =>
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

/** What is wrong now and was not before: the edit brought it, or what it cures had hidden it. Each once. */
function brought(before: Before, { report }: Shown): readonly Finding[] {
  const found = harmful(report)
  const known = new Set(harmful(before(new Set(found.map(({ id }) => id))).report).map(kindOf))
  return [...new Map(found.map((one) => [kindOf(one), one])).values()].filter((one) => !known.has(kindOf(one)))
}

const uncovering = (all: readonly Finding[]): string =>
  `the edit removes this and uncovers ${all.map(({ id, sentence }) => `${id} (${sentence})`).join(', ')}`

const harmful = ({ findings }: Report): readonly Finding[] => findings.filter(({ severity }) => severity !== 'risks')

/** What the edits make of a file. A change by lines that hides something would write the mark into it. */
function asShown<Read>({ name, text, shown = (same) => same }: EditableFile<Read>, after: string) {
  const diff = patch(name, shown(text), shown(after))
  const changes = lineChanges(text, after)
  return changes.some((one) => shown(one.text) !== one.text) ? { diff } : { diff, changes }
}

/** A file beside the one that is judged, and what was shown before it is edited. */
export interface Beside {
  readonly file: EditableFile<readonly FileNode[]>
  readonly before: Shown
}

/** Every step of every finding that has an edit, tried. `beside`: the other file that a step edits. */
export async function withDiffs<Read>(
  report: Report,
  file: EditableFile<Read>,
  before: Shown,
  beside: (step: FixStep) => Beside | undefined = () => undefined,
): Promise<Report> {
  const findings: Finding[] = []
  for (const finding of report.findings) {
    const fix: FixStep[] = []
    for (const [index, step] of finding.fix.entries()) {
      const other = beside(step)
      const made = other
        ? await planned(await tried(finding, index, other.file, () => other.before), other.file)
        : await planned(await tried(finding, index, file, () => before), file)
      fix.push(other && made.diff !== undefined ? { ...made, file: other.file.name } : made)
    }
    findings.push({ ...finding, fix })
  }
  return { ...report, findings }
}
