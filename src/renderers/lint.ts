/** Findings of job files as text: the line they are about, what is wrong, what to change. */
import { clean, cleanLine } from '../ask/clean.ts'
import type { Finding, Report } from '../knowledge/report.ts'
import type { FixStep } from '../knowledge/fault.ts'
import { count, ended } from '../knowledge/words.ts'
import { wrap, type Library, type Style } from './style.ts'
import { diffLines, planLines } from './fix-steps.ts'

/** What was wrong with a file itself: it could not be read, or is no valid HCL. */
export interface FileProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly summary: string
  readonly detail: string
}
export interface Linted {
  readonly report: Report
  readonly files: ReadonlyMap<string, string>
  readonly problems: readonly FileProblem[]
  /** Parts of the files that cannot be evaluated, each reason once. */
  readonly holes: readonly string[]
  /** Findings that a comment or the configuration silences. */
  readonly ignored: number
  /** Edits that were made, or would be. */
  readonly fixed: readonly Fixed[]
  /** A unified diff for each file that is edited. */
  readonly patches: readonly string[]
  /** Files that could not be written, and why. */
  readonly notWritten: readonly string[]
  /** What is said of how the program was called, beside the findings. */
  readonly notes: readonly string[]
  /** Files of a folder that are named like a job and hold none, such as volumes. */
  readonly passedOver: readonly string[]
  /** How many files of the folders are none that lint reads. */
  readonly others: number
  /** Groups that none of the given clients is meant for. */
  readonly unmet: readonly string[]
  /** Why no servers were asked what they would do with the edits; missing: they were. */
  readonly unasked?: string
}
export interface Fixed {
  readonly file: string
  readonly id: string
  readonly about: string
  readonly do: string
  readonly safe: boolean
}

export function lintText(linted: Linted, library: Library, style: Style): string {
  const { report, files, problems, holes, ignored, unmet, others, unasked } = linted
  const { paint } = style
  const done = fixedLines(linted, true).map((line) => cleanLine(line))
  const edits = new Set<string>()
  const blocks = [
    ...[...Map.groupBy(problems, ({ file }) => file).values()].map((own) => problemsOf(own, files, style)),
    ...report.findings.map((finding) =>
      findingLines(finding, { files, library, edits, asked: unasked === undefined }, style),
    ),
  ]
  const { unknown } = report.counts
  const present = report.findings.length
  const jobs = `${files.size} ${files.size === 1 ? 'file' : 'files'}`
  const found = `${present} ${present === 1 ? 'finding' : 'findings'}`
  const open =
    holes.length === 0 ? [] : [paint('unknown', 'Not evaluated'), ...holes.map((hole) => `  ${cleanLine(hole)}`), '']
  const apart =
    unmet.length === 0
      ? []
      : [paint('unknown', 'Not judged against a client'), ...unmet.map((one) => `  ${cleanLine(one)}`), '']
  const rest = [
    ...(unknown > 0 ? [`${unknown} more checks need the running cluster`] : []),
    ...(ignored > 0 ? [`${ignored} silenced`] : []),
    ...(others > 0 ? [`${others} other ${others === 1 ? 'file' : 'files'} of the folders not read`] : []),
  ]
  const end = paint(present > 0 || problems.length > 0 ? 'bad' : 'good', `${jobs}, ${found}`)
  const offers = offersOf(report)
  return `${[...done, ...(done.length > 0 ? [''] : []), ...blocks.flat(), ...open, ...apart, ...unplanned(linted), ...offers, `${end}${rest.length > 0 ? paint('faint', ` (${rest.join(', ')})`) : ''}`].join('\n')}\n`
}

/** What was done, a line each; nothing when nothing was. */
export const fixedLines = ({ fixed }: Pick<Linted, 'fixed'>, written: boolean): readonly string[] =>
  fixed.map(({ file, id, do: what }) => `${written ? 'Fixed' : 'Would fix'} ${file}: ${what} (${id})`)

/** What no edit was planned for, said once. */
const unplanned = ({ report, unasked }: Linted): readonly string[] =>
  unasked !== undefined && report.findings.some(({ fix }) => fix.some((step) => step.unplanned === unasked))
    ? [cleanLine(`What the servers would do with these edits is not known: ${unasked}`)]
    : []

function offersOf({ findings }: Report): readonly string[] {
  const each = findings.flatMap(({ fix }) => fix.filter((step) => step.proven).slice(0, 1))
  const proven = [...new Map(each.map((step) => [step.diff, step])).values()]
  const safe = proven.filter((step) => step.safe).length
  const more = proven.length - safe
  if (proven.length === 0) return []
  const first = `${safe} can be fixed with --fix`
  const rest = `${more}${safe > 0 ? ' more' : ''} can be fixed with --fix --unsafe-fixes: look at the diffs first`
  return [...(safe > 0 ? [first] : []), ...(more > 0 ? [rest] : [])]
}

const where = ({ file, line, column }: { file: string; line: number; column: number }): string =>
  cleanLine(line === 0 ? file : `${file}:${line}:${column}`)

/** The first error of a file often causes those after it. */
const shownProblems = 3

function problemsOf(own: readonly FileProblem[], files: ReadonlyMap<string, string>, style: Style): string[] {
  const left = own.length - shownProblems
  const lines = own.slice(0, shownProblems).flatMap((problem) => problemLines(problem, files, style))
  if (left <= 0) return lines
  const more = `... and ${count(left, 'more error')} in ${cleanLine(own[0]?.file ?? '')}: --format json prints them`
  return [...lines, style.paint('faint', more), '']
}

function problemLines(problem: FileProblem, files: ReadonlyMap<string, string>, style: Style): string[] {
  return [
    `${style.paint('heading', where(problem))}  ${style.paint('bad', `error: ${cleanLine(problem.summary)}`)}`,
    ...wrap(problem.detail, 2, style),
    ...excerpt(problem, files, style),
    '',
  ]
}

interface Shown {
  readonly files: ReadonlyMap<string, string>
  readonly library: Library
  /** Diffs that stand above already: one edit may cure several findings. */
  readonly edits: Set<string>
  /** Servers were asked about the edits. */
  readonly asked: boolean
}

function findingLines(finding: Finding, shown: Shown, style: Style): string[] {
  const { files, library } = shown
  const { id, severity, location, sentence, fix, about, explainedBy } = finding
  const cause = explainedBy === undefined ? undefined : (library.fault(explainedBy)?.title ?? explainedBy)
  const fault = library.fault(id)
  const colour = severity === 'risks' ? 'warn' : 'bad'
  return [
    `${style.paint('heading', location ? where(location) : about)}  ${style.paint(colour, severity)}  ${style.paint('heading', fault?.title ?? id)}  ${style.paint('faint', id)}`,
    ...wrap(ended(sentence), 2, style),
    ...(location ? excerpt(location, files, style) : []),
    ...(cause === undefined ? [] : wrap(`It follows from another finding: ${cause} (${explainedBy}).`, 2, style)),
    ...toShow(fix).flatMap((step) => fixLines(step, shown, style)),
    '',
  ]
}

/** The first step; where that is no proven edit, also the first one that is. */
function toShow([first, ...others]: readonly FixStep[]): readonly FixStep[] {
  if (!first) return []
  const edit = first.proven ? undefined : others.find(({ proven }) => proven)
  return edit ? [first, edit] : [first]
}

/** A step, what it makes of the file, and how far it can be trusted. */
function fixLines(step: FixStep, { edits, asked }: Shown, style: Style): string[] {
  const { do: what, diff, proven, safe, note, file } = step
  const said = what.startsWith('Or ') ? what : `Fix: ${what}`
  if (diff !== undefined && edits.has(diff)) return wrap(`${said}, with the same edit as above.`, 2, style)
  if (diff !== undefined) edits.add(diff)
  const proof = proven
    ? `Proven: the edited file no longer has this fault${safe ? '' : '; look at it before you apply it'}.`
    : ''
  const trust = [proof, note === undefined ? '' : ended(note)].filter(Boolean).join(' ')
  return [
    ...wrap(ended(said), 2, style),
    ...(diff === undefined || file === undefined ? [] : [`    ${cleanLine(file)}`]),
    ...(diff === undefined ? [] : diffLines(diff, 4, style)),
    ...(trust === '' ? [] : wrap(trust, 2, style)),
    ...(asked ? planLines(step, 2, style) : []),
  ]
}

/** The line, and a caret under the part that is meant. */
export function excerpt(
  at: { file: string; line: number; column: number; endLine?: number; endColumn?: number },
  files: ReadonlyMap<string, string>,
  style: Style,
): string[] {
  const text = files.get(at.file)?.split('\n')[at.line - 1]
  if (text === undefined || at.line < 1) return []
  const gutter = String(at.line)
  const shown = clean(text).replaceAll('\t', ' ').trimEnd()
  const end = at.endLine === at.line && at.endColumn !== undefined ? at.endColumn : shown.length + 1
  const start = Math.max(0, at.column - 1)
  const seen = windowOf(shown, start, end - 1, Math.max(20, style.width - gutter.length - 5))
  return [
    `  ${style.paint('faint', `${gutter} |`)} ${seen.text}`,
    `  ${style.paint('faint', `${' '.repeat(gutter.length)} |`)} ${' '.repeat(seen.start)}${style.paint('bad', '^'.repeat(seen.wide))}`,
  ]
}

/** The part of a line that holds what is meant; a mark where it goes on. */
function windowOf(line: string, start: number, end: number, room: number) {
  const dots = '…'
  const wide = (from: number) => Math.max(1, Math.min(end, line.length, from + room) - start)
  if (line.length <= room) return { text: line, start, wide: wide(0) }
  const before =
    end <= room - dots.length ? 0 : Math.max(0, start - Math.max(dots.length, Math.floor((room - end + start) / 2)))
  const from = Math.min(before, line.length - room)
  const [left, right] = [from > 0 ? dots : '', from + room < line.length ? dots : '']
  const text = `${left}${line.slice(from + left.length, from + room - right.length)}${right}`
  return { text, start: start - from, wide: Math.max(1, Math.min(wide(from), room - right.length - (start - from))) }
}
