import type { Report, UnknownFinding } from '../knowledge/report.ts'
import { unsettled, unsettledWords } from '../knowledge/unsettled.ts'
import { count, reasonOf } from '../knowledge/words.ts'
import { wrap, type Library, type Style } from './style.ts'

type Open = Pick<Report, 'unknown' | 'steps'>

/** What is not settled: first what could not be read, each reason once; then how to settle the first faults by hand. */
export function unknownBlock(report: Open, library: Library, style: Style): string[] {
  const open = unsettled(report)
  const { faults, questions, verdicts } = open
  if (faults.length + questions.length === 0) return []
  const reasons = reasonsOf(verdicts)
  return [
    style.paint('heading', `Not settled: ${unsettledWords(open)}`),
    ...questions.flatMap(({ question = '' }) =>
      wrap(`${library.question(question)?.ask ?? question}  nobody answered, and nothing measured tells`, 2, style),
    ),
    ...reasons
      .slice(0, shownUnknown)
      .flatMap(({ text, ids }) => wrap(`${text} (${count(ids.size, 'fault')})`, 2, style)),
    ...more(reasons.length - shownUnknown, 'reason'),
    '',
    ...byHand(faults, library, style),
  ]
}

function byHand(faults: readonly UnknownFinding[], library: Library, style: Style): string[] {
  if (faults.length === 0) return []
  return [
    style.paint('heading', 'How to settle them by hand'),
    ...faults
      .slice(0, shownUnknown)
      .flatMap(({ id, settle }) => [`  ${library.fault(id)?.title ?? id}`, ...wrap(settle, 6, style)]),
    ...more(faults.length - shownUnknown, 'fault'),
    '',
  ]
}

/** The reason behind more than half of what is not settled, as a sentence for the top of the report: an expired token, say. */
export function mainReason(report: Open): string {
  const { verdicts, faults } = unsettled(report)
  const [first] = reasonsOf(verdicts)
  return !first || first.derived || first.ids.size * 2 <= faults.length
    ? ''
    : ` The reason for most of it: ${first.text}.`
}

/**
 * Why nothing at all could be seen: the refusals, the one behind most first; empty where something was seen, or where
 * nobody refused. What the question itself says is not seen: it carries no time.
 */
export function blindness({
  unknown,
  steps,
  findings,
  signs = [],
}: Open & Pick<Report, 'findings' | 'signs'>): readonly string[] {
  const seen = steps.some(({ evidence = [] }) => evidence.some(({ at }) => at !== ''))
  if (seen || steps.length === 0 || findings.length + signs.length > 0) return []
  const refused = unknown.map((one) => ({ ...one, because: one.because.filter(({ why }) => why === 'denied') }))
  return reasonsOf(refused).map(({ text }) => text)
}

interface Reason {
  readonly text: string
  /** It only follows from others. */
  readonly derived: boolean
  readonly ids: Set<string>
}

/** Reasons with the faults they keep open: what a source said first, and of those the one behind most. */
function reasonsOf(verdicts: readonly UnknownFinding[]): readonly Reason[] {
  const reasons = new Map<string, Reason>()
  for (const { id, because } of verdicts)
    for (const one of because) {
      const text = reasonOf(one)
      const reason = reasons.get(text) ?? { text, derived: one.why === 'not-evaluable', ids: new Set() }
      reason.ids.add(id)
      reasons.set(text, reason)
    }
  return [...reasons.values()].toSorted((a, b) => Number(a.derived) - Number(b.derived) || b.ids.size - a.ids.size)
}

const shownUnknown = 6
const more = (number: number, of: string): string[] => (number > 0 ? [`  ... and ${count(number, `more ${of}`)}`] : [])
