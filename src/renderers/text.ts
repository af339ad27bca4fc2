import { clean, cleanLine } from '../ask/clean.ts'
import { byCause, type Caused } from '../knowledge/causes.ts'
import type { Fault } from '../knowledge/fault.ts'
import type { Because, Evidence, Finding, Report, ReportStep, UnknownFinding } from '../knowledge/report.ts'
import { trialLine } from '../knowledge/trial.ts'
import type { Question } from '../knowledge/tree/question.ts'
import type { Frame } from './json.ts'

/** What the text needs of the knowledge: titles, reasons and questions by id. */
export interface Library {
  readonly fault: (id: string) => Fault | undefined
  readonly question: (id: string) => Question | undefined
}
/** How it looks: width in columns, marks in Unicode or ASCII, colour by a function of token and text. */
export interface Style {
  readonly width: number
  readonly unicode: boolean
  readonly paint: (
    token: 'heading' | 'good' | 'bad' | 'warn' | 'unknown' | 'faint' | 'added' | 'removed',
    text: string,
  ) => string
}
export const plainStyle: Style = { width: 100, unicode: true, paint: (_, text) => text }

const marks = {
  absent: ['✓', '+', 'good'],
  present: ['✗', 'x', 'bad'],
  unknown: ['?', '?', 'unknown'],
  answer: ['▸', '>', 'heading'],
} as const

/** A whole report as text: what is wrong, evidence, why, fix, the way there, what else, what stays unknown. */
export function text(report: Report, frame: Frame, library: Library, style: Style = plainStyle): string {
  const { paint } = style
  const lines: string[] = [paint('heading', header(frame)), '']
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
        `${first.about}. ${sentence(first.sentence)}${total > 1 ? ` (${affected} of ${total} instances)` : ''}`,
        7,
        style,
      ),
      '',
    )
    lines.push(...evidenceBlock('We saw', first.evidence, style))
    lines.push(...block('Why it breaks', fault?.because ?? '', style), '', ...fixBlock(first, style), '')
    lines.push(...findingsBlock('What follows from it', main.consequences, library, style))
  } else lines.push(...wrap(verdictWithout(report, frame.survey !== undefined), 0, style), '')
  if (report.steps.length > 0)
    lines.push(paint('heading', 'The way here'), ...wayLines(report.steps, library, style), '')
  const also = report.diagnosis ? others : causes
  lines.push(...findingsBlock('Also present', also, library, style), ...unknownBlock(report, library, style))
  if (frame.survey !== undefined) lines.push(...wrap(beyond, 0, style), '')
  const { judged, present, absent, unknown } = report.counts
  lines.push(paint('faint', `${judged} judged: ${present} present, ${absent} absent, ${unknown} unknown`))
  return `${lines.join('\n')}\n`
}

/** What a survey asks, and what it does not. */
const beyond =
  'A check judges jobs, clients and services, and asks of each group whether anybody can reach it. What one caller meets, diagnose --from A --to B tells.'

/** The findings with the diagnosis first. */
const leading = ({ diagnosis, findings }: Report): readonly Finding[] =>
  diagnosis
    ? findings.toSorted(
        (a, b) =>
          Number(b.id === diagnosis.fault && b.about === diagnosis.about) -
          Number(a.id === diagnosis.fault && a.about === diagnosis.about),
      )
    : findings

export const header = ({ source, subject, title, survey }: Frame): string => {
  const who =
    survey !== undefined
      ? `survey of ${survey}`
      : `${subject.from ?? 'anybody'} -> ${subject.to}${subject.port === null ? '' : `:${subject.port}`}`
  return cleanLine(
    `nomad-netdoctor  ${who}   (${source.kind === 'case' ? 'recorded case' : 'cluster'} ${title ?? source.where})`,
  )
}

function verdictWithout({ steps, findings, unknown, counts }: Report, survey: boolean): string {
  const open = steps.filter((step) => step.open)
  const fails = open.some(({ by, answer }) => answer === 'fails' && by !== 'assumed')
  if (findings.some(({ severity }) => severity !== 'risks'))
    return 'No single cause was found; what is present is listed below.'
  const missing = open.length - (fails ? 1 : 0)
  const left = `${missing} ${missing === 1 ? 'step' : 'steps'} on the way ${missing === 1 ? 'is' : 'are'} not known`
  if (fails)
    return `Undetermined: a connection from the source fails, and no known fault explains it${missing > 0 ? `; ${left}` : ''}.`
  if (open.length > 0)
    return `Undetermined: nothing wrong was found, but ${left}. Below is what would settle ${missing === 1 ? 'it' : 'them'}.`
  if (survey && counts.unknown > 0)
    return `Undetermined: nothing wrong was found in ${counts.absent} verdicts, but ${counts.unknown} are not known. Below is what would settle them.`
  return unknown.length > 0 ? 'Nothing wrong was found on the way asked about.' : 'Nothing wrong was found.'
}

const sentence = (said: string): string => (/[.?]$/.test(said) ? said : `${said}.`)

function evidenceBlock(title: string, evidence: readonly Evidence[], style: Style): string[] {
  if (evidence.length === 0) return []
  const lines = evidence.flatMap(({ request, excerpt, at }, i) => [
    `  [${i + 1}] ${cleanLine(request)}   ${style.paint('faint', at)}`,
    ...clean(excerpt)
      .split('\n')
      .slice(0, 8)
      .map((line) => `      ${line}`),
  ])
  return [style.paint('heading', title), ...lines, '']
}

const block = (title: string, body: string, style: Style): string[] => [
  style.paint('heading', title),
  ...wrap(body, 2, style),
]

function fixBlock({ fix }: Finding, style: Style): string[] {
  const steps = fix.flatMap(({ do: what, on, run, diff, risk, proven, plan, note, trial }, i) => [
    ...wrap(`${i + 1}. ${sentence(what)} (${on}${risk === '' || risk === 'none' ? '' : `; risk: ${risk}`})`, 2, style),
    ...(run ? [`       ${cleanLine(run.map(quoted).join(' '))}`] : []),
    ...(diff === undefined ? [] : diffLines(diff, 7, style)),
    ...(plan === undefined ? [] : wrap(`The servers would do: ${sentence(plan)}`, 7, style)),
    ...(trial ? wrap(sentence(trialLine(trial)), 7, style) : []),
    ...(proven && !trial ? wrap(sentence(provenWords), 7, style) : []),
    ...(note === undefined ? [] : wrap(sentence(note), 7, style)),
  ])
  return [style.paint('heading', 'Fix'), ...steps]
}

const provenWords = 'Proven: laid over the same facts, the edited file no longer has this fault'

/** A unified diff without the names of the file. */
export const diffLines = (diff: string, indent: number, style: Style): string[] =>
  clean(diff)
    .split('\n')
    .slice(diff.startsWith('--- ') ? 2 : 0)
    .map((line) => {
      const painted = line.startsWith('+') ? style.paint('added', line) : line
      return `${' '.repeat(indent)}${line.startsWith('-') ? style.paint('removed', line) : painted}`
    })

/** An argument as a person would type it in a POSIX shell. For reading only; nothing is ever run from it. */
export const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`

/** The steps, a line each; what was ruled out one after another is one line. */
function wayLines(steps: readonly ReportStep[], library: Library, style: Style): string[] {
  const lines: string[] = []
  let ruledOut: string[] = []
  const flush = () => {
    const mark = style.unicode ? marks.absent[0] : marks.absent[1]
    const [first = '', ...rest] = wrap(`${ruledOut.length} ruled out: ${ruledOut.join(', ')}`, 6, style)
    if (ruledOut.length > 0)
      lines.push(
        `    ${style.paint('good', mark)} ${style.paint('faint', first.trimStart())}`,
        ...rest.map((line) => style.paint('faint', line)),
      )
    ruledOut = []
  }
  for (const step of steps) {
    if (step.fault !== undefined && step.verdict === 'absent' && step.by === 'measured') ruledOut.push(step.fault)
    else {
      flush()
      lines.push(stepLine(step, library, style))
    }
  }
  flush()
  return lines
}

function stepLine(step: ReportStep, library: Library, style: Style): string {
  const kind = step.question === undefined ? (step.verdict as keyof typeof marks) : 'answer'
  const [unicode, ascii, token] = marks[kind] ?? marks.unknown
  const mark = style.paint(token, style.unicode ? unicode : ascii)
  if (step.question !== undefined) {
    const question = library.question(step.question)
    return `  ${mark} ${question?.ask ?? step.question}  ${question?.answers[step.answer ?? '']?.label ?? step.answer ?? ''}  ${style.paint('faint', step.by)}`
  }
  const word = { present: 'found', absent: 'ruled out', unknown: 'not known' }[step.verdict ?? ''] ?? step.verdict ?? ''
  return `    ${mark} ${library.fault(step.fault ?? '')?.title ?? step.fault ?? ''}  ${style.paint('faint', step.verdict === 'unknown' ? word : `${word}, ${step.by}`)}`
}

/** Each cause, and deeper what is only its consequence. */
function findingsBlock(title: string, causes: readonly Caused[], library: Library, style: Style): string[] {
  const lines = (all: readonly Caused[], depth: number): string[] =>
    all.flatMap(({ finding: { id, about, severity, sentence: says }, consequences }) => [
      `${' '.repeat(depth)}${depth > 2 ? (style.unicode ? '↳ ' : '-> ') : ''}${library.fault(id)?.title ?? id}   ${id} · ${severity}`,
      ...wrap(`${about}. ${sentence(says)}`, depth + 2, style),
      ...lines(consequences, depth + 2),
    ])
  return causes.length === 0 ? [] : [style.paint('heading', title), ...lines(causes, 2), '']
}

/** What stays unknown: first what could not be read, each reason once; then how to settle the first open verdicts by hand. */
function unknownBlock({ unknown, steps }: Report, library: Library, style: Style): string[] {
  const walked = new Set(steps.map(({ fault }) => fault))
  const matter = steps.length === 0 ? unknown : unknown.filter(({ id }) => walked.has(id))
  if (matter.length === 0) return []
  const reasons = new Map<string, Set<UnknownFinding>>()
  for (const one of matter)
    for (const because of one.because) {
      const reason = reasonOf(because)
      reasons.set(reason, (reasons.get(reason) ?? new Set()).add(one))
    }
  const most = [...reasons].toSorted(([one, a], [other, b]) => derived(one) - derived(other) || b.size - a.size)
  const byHand = matter.filter(({ id }, i) => matter.findIndex((one) => one.id === id) === i)
  return [
    style.paint('heading', `Not known: ${matter.length} ${matter.length === 1 ? 'verdict' : 'verdicts'}`),
    ...most.slice(0, shownUnknown).flatMap(([reason, { size }]) => wrap(`${reason} (${size})`, 2, style)),
    ...more(most.length - shownUnknown, 'reasons'),
    '',
    style.paint('heading', 'How to settle them by hand'),
    ...byHand
      .slice(0, shownUnknown)
      .flatMap(({ id, settle }) => [`  ${library.fault(id)?.title ?? id}`, ...wrap(settle, 6, style)]),
    ...more(byHand.length - shownUnknown, 'faults'),
    '',
  ]
}

/** What a source said, once for all facts it keeps from us; the fact where nothing was said. */
const reasonOf = ({ fact, why, detail }: Because): string =>
  detail === undefined || why === 'not-evaluable'
    ? `${fact}: ${why}${detail === undefined ? '' : `, ${detail}`}`
    : `${why}: ${detail}`
const derived = (reason: string): number => Number(reason.includes(': not-evaluable'))
const shownUnknown = 6
const more = (count: number, of: string): string[] => (count > 0 ? [`  ... and ${count} more ${of}`] : [])

/** Words wrapped to the width, with a hanging indent. */
export function wrap(body: string, indent: number, { width }: Style): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of clean(body).split(/\s+/)) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(' '.repeat(indent) + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, ' '.repeat(indent) + line]
}
