import type { Because, Report, UnknownFinding } from '../knowledge/report.ts'
import { wrap, type Library, type Style } from './style.ts'

type Open = Pick<Report, 'unknown' | 'steps'>

/** What stays unknown: first what could not be read, each reason once; then how to settle the first open verdicts by hand. */
export function unknownBlock({ unknown, steps }: Open, library: Library, style: Style): string[] {
  const matter = onTheWay({ unknown, steps })
  if (matter.length === 0) return []
  const most = reasonsOf(matter)
  const byHand = matter.filter(({ id }, i) => matter.findIndex((one) => one.id === id) === i)
  return [
    style.paint('heading', `Not known: ${matter.length} ${matter.length === 1 ? 'verdict' : 'verdicts'}`),
    ...most.slice(0, shownUnknown).flatMap(([reason, { size }]) => wrap(`${reason} (${size})`, 2, style)),
    ...more(most.length - shownUnknown, 'reason'),
    '',
    style.paint('heading', 'How to settle them by hand'),
    ...byHand
      .slice(0, shownUnknown)
      .flatMap(({ id, settle }) => [`  ${library.fault(id)?.title ?? id}`, ...wrap(settle, 6, style)]),
    ...more(byHand.length - shownUnknown, 'fault'),
    '',
  ]
}

/** The reason behind more than half of what is unknown, as a sentence for the top of the report: an expired token, say. */
export function mainReason(report: Open): string {
  const matter = onTheWay(report)
  const [first] = reasonsOf(matter)
  if (!first || derived(first[0]) === 1 || first[1].size * 2 <= matter.length) return ''
  return ` The reason for most of it: ${first[0]}.`
}

/** With steps, what the walk passed; without, everything. */
function onTheWay({ unknown, steps }: Open): readonly UnknownFinding[] {
  const walked = new Set(steps.map(({ fault }) => fault))
  return steps.length === 0 ? unknown : unknown.filter(({ id }) => walked.has(id))
}

/** Reasons with what they keep unknown: what a source said first, and of those the one behind most. */
function reasonsOf(matter: readonly UnknownFinding[]): readonly (readonly [string, ReadonlySet<UnknownFinding>])[] {
  const reasons = new Map<string, Set<UnknownFinding>>()
  for (const one of matter)
    for (const because of one.because) {
      const reason = reasonOf(because)
      reasons.set(reason, (reasons.get(reason) ?? new Set()).add(one))
    }
  return [...reasons].toSorted(([one, a], [other, b]) => derived(one) - derived(other) || b.size - a.size)
}

/** What a source said, once for all facts it keeps from us; the fact where nothing was said. */
const reasonOf = ({ fact, why, detail }: Because): string =>
  detail === undefined || why === 'not-evaluable'
    ? `${fact}: ${why}${detail === undefined ? '' : `, ${detail}`}`
    : `${why}: ${detail}`
const derived = (reason: string): number => Number(reason.includes(': not-evaluable'))
const shownUnknown = 6
const more = (count: number, of: string): string[] =>
  count > 0 ? [`  ... and ${count} more ${of}${count === 1 ? '' : 's'}`] : []
