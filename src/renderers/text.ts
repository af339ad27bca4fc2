import { withPort } from '../knowledge/subject.ts'
import { clean, cleanLine } from '../ask/clean.ts'
import { requestLine } from '../ask/request-line.ts'
import { byCause, type Caused } from '../knowledge/causes.ts'
import { againWords, followsWords } from '../knowledge/evidence.ts'
import type { Evidence, Finding, Report, ReportStep, Sign } from '../knowledge/report.ts'
import { mostlyBecause, presentWords, tallyWords, unsettled } from '../knowledge/unsettled.ts'
import { begun, count, ended } from '../knowledge/words.ts'
import { fixSteps } from './fix-steps.ts'
import { foretoldBlock } from './foretold.ts'
import type { Frame } from './json.ts'
import { plainStyle, wrap, type Library, type Style } from './style.ts'
import { blindness, conclusion, unknownBlock } from './unknown.ts'

const marks = {
  absent: ['✓', 'good'],
  present: ['✗', 'bad'],
  unknown: ['?', 'unknown'],
  answer: ['▸', 'heading'],
} as const

/** A whole report as text: what is wrong, why, fix, evidence, the way there, what else, what stays unknown. */
export function text(report: Report, frame: Frame, library: Library, style: Style = plainStyle): string {
  const { paint } = style
  const lines: string[] = [...header(frame, style), '']
  const blind = blindness(report)
  // Where nothing was seen, a list of all that is not known says nothing more than why.
  if (blind.length > 0) {
    lines.push(...wrap(`Undetermined: ${conclusion(report, frame.subject)}.`, 0, style))
    lines.push(...blind.flatMap((reason) => wrap(reason, 2, style)))
    return `${lines.join('\n')}\n`
  }
  const causes = byCause(leading(report))
  const [main, ...others] = causes
  if (report.diagnosis && main) {
    const first = main.finding
    const { affected, total } = report.diagnosis.instances
    const fault = library.fault(first.id)
    lines.push(
      `${paint('bad', 'FOUND')}  ${paint('heading', fault?.title ?? first.id)}   ${first.id} · ${first.severity}`,
    )
    lines.push(
      ...wrap(
        `${first.about}. ${ended(first.sentence)}${total > 1 ? ` (${affected} of ${total} instances)` : ''}`,
        7,
        style,
      ),
      '',
    )
    lines.push(...block('Why it breaks', fault?.because ?? '', style), '', ...fixBlock(first, style), '')
    lines.push(...evidenceBlock('We saw', first.evidence, style))
    lines.push(...findingsBlock('What follows from it', main.consequences, library, style))
  } else lines.push(...wrap(verdictWithout(report, frame), 0, style), '', ...signsBlock(report.signs ?? [], style))
  const open = unknownBlock(report, library, style)
  const foretold = foretoldBlock(report.foretold ?? [], library, style)
  // Without a diagnosis, what would settle it is what the reader needs.
  if (!report.diagnosis) lines.push(...foretold, ...open)
  if (report.steps.length > 0)
    lines.push(paint('heading', 'The way here'), ...wayLines(report.steps, library, style), '')
  const also = report.diagnosis ? others : causes
  lines.push(...findingsBlock('Also present', also, library, style))
  if (report.diagnosis) lines.push(...alsoWrong('Also wrong', report.unplaced ?? [], style), ...foretold, ...open)
  if (frame.survey !== undefined) lines.push(...wrap(beyond(unsettled(report).callers), 0, style), '')
  lines.push(...wrap(tallyWords(report), 0, style).map((line) => paint('faint', line)))
  return `${lines.join('\n')}\n`
}

/** What a survey asks, and what it does not. */
const beyond = (callers: number): string =>
  `A check judges jobs, clients and services, asks of each group whether anybody can reach it, and of each task whether it reaches those its texts name. ${callers > 0 ? `${count(callers, 'fault')} ${callers === 1 ? 'depends' : 'depend'} on who calls` : 'What one caller meets is another question'}: diagnose --from A --to B.`

/** The findings with the diagnosis first. */
const leading = ({ diagnosis, findings }: Report): readonly Finding[] =>
  diagnosis
    ? findings.toSorted(
        (a, b) =>
          Number(b.id === diagnosis.fault && b.about === diagnosis.about) -
          Number(a.id === diagnosis.fault && a.about === diagnosis.about),
      )
    : findings

/** Who asks about whom, and where it was read: on one line where that fits. */
export function header({ source, subject, title, survey }: Frame, style: Style): readonly string[] {
  const { from, to, port, dials } = subject
  const who =
    survey !== undefined
      ? `survey of ${survey}`
      : `${from ?? 'anybody'} -> ${withPort(to ?? 'anybody', port)}${dials === undefined ? '' : `  dials ${dials}`}`
  const where = `(${source.kind === 'case' ? 'recorded case' : 'cluster'}: ${title ?? source.where})`
  const one = cleanLine(`nomad-netdoctor  ${who}   ${where}`)
  const lines =
    one.length <= style.width ? [one] : ['nomad-netdoctor', ...wrap(who, 2, style), ...wrap(where, 2, style)]
  return lines.map((line) => style.paint('heading', line))
}

const unsettledAny = (report: Report): boolean => unsettled(report).verdicts.length > 0

function verdictWithout(report: Report, { subject, survey }: Frame): string {
  const present = presentWords(report)
  if (present !== '') return `${present}; what is present is listed below.`
  const open = conclusion(report, subject)
  if (open !== '')
    return [
      `Undetermined: ${open}.`,
      mostlyBecause(report),
      unsettledAny(report) ? 'Below is what would settle that.' : '',
    ]
      .filter((part) => part !== '')
      .join(' ')
  const where = survey !== undefined || report.unknown.length === 0 ? '' : ' on the way asked about'
  const told = report.steps.some((step) => step.told !== undefined)
  return `Nothing wrong was found${where}.${told ? ' What was measured differs from what you said, and counts: see below.' : ''}`
}

function evidenceBlock(title: string, evidence: readonly Evidence[], style: Style): string[] {
  if (evidence.length === 0) return []
  const faint = (words: string): string => style.paint('faint', words)
  const lines = evidence.slice(0, shownReplies).flatMap(({ request, excerpt, at, others }, i) => {
    const again = againWords(evidence, i)
    const asked = again === '' ? `${requestLine(cleanLine(request))}   ${faint(at)}` : faint(again)
    const all = clean(excerpt).split('\n')
    const follows = followsWords(others)
    const said = all.length > shownLines + 1 ? all.slice(0, shownLines) : all
    const hidden = all.length - said.length
    return [
      `  [${i + 1}] ${asked}`,
      ...(follows === '' ? [] : [`      ${faint(follows)}`]),
      ...said.map((line) => `      ${line}`),
      ...(hidden > 0 ? [faint(`      ... ${count(hidden, 'more line')} in the reply`)] : []),
    ]
  })
  const replies = evidence.length - shownReplies
  const word = replies === 1 ? 'reply' : 'replies'
  const rest = replies > 0 ? [faint(`  ... and ${replies} more ${word}: --format json prints them`)] : []
  return [style.paint('heading', title), ...lines, ...rest, '']
}
/** Evidence stands with the most telling first. */
const [shownReplies, shownLines] = [6, 4]

/** What is wrong without a known cause; of the first one what shows it. */
function signsBlock(signs: readonly Sign[], style: Style): string[] {
  const [first, ...more] = signs
  if (!first) return []
  return [
    ...evidenceBlock('We saw', first.evidence.slice(0, 2), style),
    ...alsoWrong('Also wrong, without a known cause', more, style),
  ]
}

const alsoWrong = (title: string, signs: readonly Sign[], style: Style): string[] =>
  signs.length === 0
    ? []
    : [style.paint('heading', title), ...signs.flatMap(({ sentence: says }) => wrap(ended(begun(says)), 2, style)), '']

const block = (title: string, body: string, style: Style): string[] => [
  style.paint('heading', title),
  ...wrap(body, 2, style),
]

const fixBlock = ({ fix }: Finding, style: Style): string[] => [style.paint('heading', 'Fix'), ...fixSteps(fix, style)]

/** The steps, a line each; what was ruled out one after another is one line, and so is a long run of what is not known. */
function wayLines(steps: readonly ReportStep[], library: Library, style: Style): string[] {
  const runs: { kind: Run | undefined; steps: ReportStep[] }[] = []
  for (const step of steps) {
    const kind = kindOf(step)
    const last = runs.at(-1)
    if (last && kind !== undefined && last.kind === kind) last.steps.push(step)
    else runs.push({ kind, steps: [step] })
  }
  return runs.flatMap(({ kind, steps: run }) =>
    kind === 'absent' || (kind !== undefined && run.length > shownEach)
      ? folded(kind, run, style)
      : run.map((step) => stepLine(step, library, style)),
  )
}

const [shownEach, shownIds] = [3, 8]
type Run = 'absent' | 'unknown' | 'aside'
function kindOf({ fault, verdict, by, open }: ReportStep): Run | undefined {
  if (fault === undefined || (verdict === 'absent' && by === 'told')) return undefined
  if (verdict === 'unknown') return open ? verdict : 'aside'
  return verdict === 'absent' ? verdict : undefined
}
const words: Readonly<Record<Run, string>> = {
  absent: 'ruled out',
  unknown: 'not settled',
  aside: 'not known and set aside',
}

function folded(kind: Run, run: readonly ReportStep[], style: Style): string[] {
  const [mark, token] = marks[kind === 'aside' ? 'unknown' : kind]
  const ids = run.map(({ fault = '' }) => fault)
  const named = run.length > shownIds ? ' (--format json names them)' : `: ${ids.join(', ')}`
  const [first = '', ...rest] = wrap(`${run.length} ${words[kind]}${named}`, 6, style)
  return [
    `    ${style.paint(token, mark)} ${style.paint('faint', first.trimStart())}`,
    ...rest.map((line) => style.paint('faint', line)),
  ]
}

function stepLine(step: ReportStep, library: Library, style: Style): string {
  const kind = step.question === undefined ? (step.verdict as keyof typeof marks) : 'answer'
  const [sign, token] = marks[kind] ?? marks.unknown
  const mark = style.paint(token, sign)
  if (step.question !== undefined) {
    const question = library.question(step.question)
    const label = (answer: string): string => question?.answers[answer]?.label ?? answer
    const otherwise = step.told === undefined ? '' : style.paint('warn', `  you said: ${label(step.told)}`)
    return `  ${mark} ${question?.ask ?? step.question}  ${label(step.answer ?? '')}  ${style.paint('faint', step.by)}${otherwise}`
  }
  const run = kindOf(step)
  const word = run ? words[run] : step.verdict === 'present' ? 'found' : words.absent
  return `    ${mark} ${library.fault(step.fault ?? '')?.title ?? step.fault ?? ''}  ${style.paint('faint', step.verdict === 'unknown' ? word : `${word}, ${step.by}`)}`
}

/** Each cause, and deeper what is only its consequence. */
function findingsBlock(title: string, causes: readonly Caused[], library: Library, style: Style): string[] {
  const lines = (all: readonly Caused[], depth: number): string[] =>
    all.flatMap(({ finding: { id, about, severity, sentence: says }, consequences }) => [
      `${' '.repeat(depth)}${depth > 2 ? '↳ ' : ''}${library.fault(id)?.title ?? id}   ${id} · ${severity}`,
      ...wrap(`${about}. ${ended(says)}`, depth + 2, style),
      ...lines(consequences, depth + 2),
    ])
  return causes.length === 0 ? [] : [style.paint('heading', title), ...lines(causes, 2), '']
}
