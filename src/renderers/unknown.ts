import type { Report, UnknownFinding } from '../knowledge/report.ts'
import { presentWords, reasonsOf, unanswered, undetermined, unsettled, unsettledWords } from '../knowledge/unsettled.ts'
import { count } from '../knowledge/words.ts'
import { wrap, type Library, type Style } from './style.ts'

type Open = Pick<Report, 'unknown' | 'steps'>

/** What is not settled: first what could not be read, each reason once; then how to settle the first faults by hand. */
export function unknownBlock(report: Open, library: Library, style: Style): string[] {
  const open = unsettled(report)
  const { faults, questions } = open
  if (faults.length + questions.length === 0) return []
  const reasons = reasonsOf(faults)
  return [
    style.paint('heading', `Not settled: ${unsettledWords(open)}`),
    ...questions.flatMap((step) =>
      wrap(`${library.question(step.question ?? '')?.ask ?? ''}  ${unanswered(step)}`, 2, style),
    ),
    ...reasons
      .slice(0, shownUnknown)
      .flatMap(({ text, faults: under }) => wrap(`${text} (${count(under.length, 'fault')})`, 2, style)),
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

const ofJobs = /^(?:job|group|task|alloc)\./

/**
 * Why nothing at all could be seen: the refusals, the one behind most first; empty where something was seen, or where
 * nobody refused. What the question itself says is not seen: it carries no time.
 */
export function blindness({
  unknown,
  steps,
  findings,
  signs = [],
  foretold = [],
  counts,
}: Open & Pick<Report, 'findings' | 'signs' | 'foretold' | 'counts'>): readonly string[] {
  const seen =
    steps.length === 0 ? counts.absent > 0 : steps.some(({ evidence = [] }) => evidence.some(({ at }) => at !== ''))
  if (seen || findings.length + signs.length + foretold.length > 0) return []
  const refused = unknown.flatMap((one) =>
    one.because.filter(({ why }) => why === 'denied').map((reason) => ({ ...one, because: [reason] })),
  )
  // Whoever sees that no job is there has seen something.
  if (steps.length === 0 && !refused.some(({ because: [first] }) => ofJobs.test(first?.fact ?? ''))) return []
  return reasonsOf(refused).map(({ text }) => text)
}

/** What a report without a diagnosis says of itself, in every format; empty where nothing is left open. */
export function conclusion(
  report: Report,
  { to, from }: { readonly to: string | null; readonly from: string | null },
): string {
  if (report.diagnosis) return ''
  if (blindness(report).length > 0) return `nothing of ${to ?? from ?? 'the cluster'} can be read`
  return presentWords(report) === '' ? undetermined(report) : ''
}

const shownUnknown = 6
const more = (number: number, of: string): string[] => (number > 0 ? [`  ... and ${count(number, `more ${of}`)}`] : [])
