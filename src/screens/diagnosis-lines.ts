import { blank, line, paragraph, span, wrap, type Line } from '../components/line.ts'
import { section, sectionWidth } from '../components/text.ts'
import { byCause, inOrder, type Placed } from '../knowledge/causes.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { foretoldBy, whyNotMeasured } from '../knowledge/foretold-words.ts'
import type { Evidence, Finding } from '../knowledge/report.ts'
import { questions } from '../knowledge/tree/index.ts'
import { pictureOf } from '../run/selectors.ts'
import { stepsOf } from '../run/tried.ts'
import { againLines, goneEvidence } from './again.ts'
import { evidenceLines, fixLines, mendLines } from './blocks.ts'
import type { At } from './screen.ts'
import { busy, moodOf, stepAnswer, stepTitle, titleOf } from './steps.ts'
import {
  mainReason,
  mostlyBecause,
  presentWords,
  reasonsOf,
  unanswered,
  undetermined,
  unsettled,
} from '../knowledge/unsettled.ts'
import { begun, count, ended } from '../knowledge/words.ts'

/** The finding shown: the one asked for, else the diagnosis. */
export function shownFinding({ state, frame }: At): Finding | undefined {
  const report = pictureOf(state)?.report
  const main = report?.diagnosis
  const isMain = ({ id, about }: Finding) => id === main?.fault && about === main.about
  const own = frame.arg === '' || frame.arg === main?.fault
  return report?.findings.find((one) => (own ? isMain(one) : one.id === frame.arg))
}

function wayLines({ state }: At, columns: number): Line[] {
  const steps = pictureOf(state)?.walked.steps ?? []
  const asked = steps.filter((step) => step.kind === 'question')
  const ruled = steps.filter((step) => step.kind === 'rung' && step.verdict === 'absent').length
  const parts = asked.flatMap((step, i): Line => [
    span(i === 0 ? '' : ' → ', 'faint'),
    span(`${stepTitle(step)} ${stepAnswer(step, moodOf(step, state))}`),
    span(` (${step.by})`, step.by === 'assumed' ? 'unknown' : 'faint'),
  ])
  return [
    ...wrap(parts, columns),
    ...(ruled > 0 ? [line(`${count(ruled, 'fault')} ruled out on the way.`, 'faint')] : []),
  ]
}

/** What follows from the finding, and all the rest: each cause, and deeper what is only its consequence. */
function others({ state }: At, shown: Finding | undefined): { follows: readonly Placed[]; also: readonly Placed[] } {
  const all = inOrder(byCause(pictureOf(state)?.report.findings ?? []))
  const at = all.findIndex(({ finding }) => finding === shown)
  if (at === -1) return { follows: [], also: all }
  const { depth: own = 0 } = all[at] ?? {}
  const rest = all.slice(at + 1)
  const end = rest.findIndex(({ depth }) => depth <= own)
  const follows = end === -1 ? rest : rest.slice(0, end)
  return {
    follows: follows.map(({ finding, depth }) => ({ finding, depth: depth - own - 1 })),
    also: [...all.slice(0, at), ...rest.slice(follows.length)],
  }
}

const findingLines = (placed: readonly Placed[], { look }: At, columns: number): Line[] =>
  placed.flatMap(({ finding: { id, about, severity }, depth }) =>
    wrap(
      [
        span(depth === 0 ? '' : `${'  '.repeat(depth - 1)}${look.marks.follows} `, 'faint'),
        span(titleOf(id)),
        span(`  ${about} · ${severity}`, severity === 'risks' ? 'warn' : 'faint'),
      ],
      columns,
      2 + 2 * depth,
    ),
  )

/** What is not settled: first what stands in the way of most, then how to learn each. */
function unknownLines({ state }: At, columns: number): Line[] {
  const report = pictureOf(state)?.report
  if (!report) return []
  const { faults, questions: left } = unsettled(report)
  const asked = left.flatMap((step) =>
    wrap(
      [span(questions.find(({ id }) => id === step.question)?.ask ?? ''), span(`  ${unanswered(step)}`, 'unknown')],
      columns,
      2,
    ),
  )
  const shared = reasonsOf(faults)
    .filter(({ faults: { length } }) => length > 1)
    .slice(0, 4)
    .flatMap(({ text, faults: { length } }) =>
      wrap([span(`${count(length, 'fault')}  `), span(text, 'unknown')], columns, 2),
    )
  const each = faults
    .slice(0, 6)
    .flatMap((one) => [
      ...wrap([span(titleOf(one.id)), span(`  ${one.about} · ${mainReason(one)}`, 'unknown')], columns, 2),
      ...paragraph(`To learn it: ${one.settle}`, columns, 2, 'faint'),
    ])
  const more = faults.length > 6 ? [line(`… and ${faults.length - 6} more: s lists them`, 'faint')] : []
  return [...asked, ...shared, ...(asked.length + shared.length > 0 ? [blank] : []), ...each, ...more]
}

function withoutLines(at: At, columns: number): Line[] {
  const picture = pictureOf(at.state)
  if (at.state.phase !== 'idle' && at.state.phase !== 'verifying') return [line('Still looking.', 'faint'), blank]
  if (!picture) return [line('Nothing was looked at yet.', 'faint'), blank]
  const present = presentWords(picture.report)
  if (present !== '') return [...paragraph(`${present}; what is present is listed below.`, columns), blank]
  const open = undetermined(picture.report)
  if (open === '') return [[span(`${at.look.marks.good} Nothing wrong was found`, 'good', true)], blank]
  const most = mostlyBecause(picture.report)
  const settles =
    picture.walked.open.length > 0 ? ' Not knowing is not the same as healthy: below is what would settle it.' : ''
  const [first] = picture.report.signs ?? []
  const seen = goneEvidence(at).length === 0 && first ? evidenceLines(first.evidence, sectionWidth(columns), 4) : []
  return [
    [span(`${at.look.marks.unknown} UNDETERMINED`, 'unknown', true)],
    ...paragraph(`${begun(open)}.${most === '' ? '' : ` ${most}`}${settles}`, columns),
    blank,
    ...section('We saw', seen, columns),
  ]
}

/** What the numbers of the screen stand for. */
export function shownEvidence(at: At): readonly Evidence[] {
  const gone = goneEvidence(at)
  const [sign] = pictureOf(at.state)?.report.signs ?? []
  return shownFinding(at)?.evidence ?? (gone.length > 0 ? gone : (sign?.evidence ?? []))
}

/** What is written where nothing measured whether it is so. */
function foretoldLines({ state }: At, columns: number): Line[] {
  const all = pictureOf(state)?.report.foretold ?? []
  const each = all.flatMap((one) => [
    ...wrap([span(titleOf(one.id)), span(`  ${one.about} · ${one.severity}`, 'unknown')], columns, 2),
    ...paragraph(ended(one.sentence), columns, 2),
    ...paragraph(ended(whyNotMeasured(one)), columns, 2, 'faint'),
    ...fixLines(stepsOf(state, one), columns - 2).map((step): Line => [span('  '), ...step]),
  ])
  return all.length === 0 ? [] : [line(`${begun(foretoldBy(all))}:`, 'unknown'), ...each]
}

export function diagnosisLines(at: At, columns: number): Line[] {
  const finding = shownFinding(at)
  const inner = sectionWidth(columns)
  const report = pictureOf(at.state)?.report
  const { follows, also } = others(at, finding)
  const way = section('Way here', wayLines(at, inner), columns)
  const present = section('Also present', findingLines(also, at, inner), columns)
  const foretold = section('Foretold', foretoldLines(at, inner), columns)
  const open = [...foretold, ...section('Not settled', unknownLines(at, inner), columns)]
  // Without a finding, what would settle it is what the reader needs.
  if (!finding) return [...againLines(at, columns, true), ...withoutLines(at, columns), ...open, ...way, ...present]
  const rest = [...section('What follows', findingLines(follows, at, inner), columns), ...way, ...present, ...open]
  const fault = faultById.get(finding.id)
  // The fix must be seen without scrolling: it comes first, and on a low terminal there is less evidence.
  const low = at.rows < 26
  const shown = low ? finding.evidence.slice(0, 2) : finding.evidence
  const hidden = finding.evidence.length - shown.length
  const more = hidden > 0 ? [line(`… ${hidden} more: the key e lists them`, 'faint')] : []
  const saw = section('We saw', [...evidenceLines(shown, inner, low ? 1 : 8), ...more], columns)
  const why = section('Why it breaks', fault ? paragraph(fault.because, inner) : [], columns)
  const told = at.state.told.checks[finding.id] === 'present' && finding.evidence.length === 0
  const hand =
    told && finding.fix.length > 0 && fault ? section('By hand', paragraph(fault.byHand, inner), columns) : []
  const fix = [...mendLines(fault, stepsOf(at.state, finding), columns), ...hand]
  const soFar = busy(at.state)
  const { affected = 1, total = 1 } = report?.diagnosis?.fault === finding.id ? report.diagnosis.instances : {}
  return [
    ...againLines(at, columns, false),
    ...wrap(
      [
        span(`${at.look.marks.bad} ${soFar ? 'SO FAR' : 'FOUND'}  `, 'bad', true),
        span(fault?.title ?? finding.id, 'heading'),
      ],
      columns,
      2,
    ),
    ...(soFar
      ? [
          line(
            `${count(at.state.running.length, 'look')} to go: what stands here may change, and so may the numbers.`,
            'faint',
          ),
        ]
      : []),
    ...wrap(
      [
        span(
          `${finding.about} · ${finding.severity}${total > 1 ? ` · ${affected} of ${total}` : ''} · ${finding.id}`,
          'faint',
        ),
      ],
      columns,
    ),
    blank,
    ...paragraph(ended(finding.sentence), columns),
    blank,
    ...fix,
    ...saw,
    ...why,
    ...rest,
  ]
}
