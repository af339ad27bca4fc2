import { withPort } from '../knowledge/subject.ts'
import { sides } from '../components/frame.tsx'
import { cut, gap, line, lineWidth, middle, span, wrap, type Line } from '../components/line.ts'
import { count } from '../knowledge/words.ts'
import { spellSide } from '../run/names.ts'
import { reachable, reachOf } from '../run/reach.ts'
import type { Aim, State } from '../run/state.ts'
import type { Look } from '../theme.ts'

/**
 * On top of every screen: its title, who cannot reach whom, and where we look. What does not fit beside them goes below:
 * of the names nothing is cut that has room on a line of its own.
 */
export function headLines(title: string, state: State, look: Look, columns: number): readonly Line[] {
  const name: Line = [gap(1), span(title, 'heading')]
  const where: Line = [...whereLine(state, look), gap(1)]
  const subject = subjectSpans(state.aim, columns - 6)
  const beside: Line = subject.length === 0 ? name : [...name, gap(2), ...subject]
  if (look.spoken) return [beside, where]
  // What a case is called can be read elsewhere; where a cluster is cannot.
  const half = Math.floor(columns / 2)
  const least = Math.min(lineWidth(where), state.place.kind === 'case' ? shortest : half)
  if (subject.length === 0 || lineWidth(beside) + 2 + least <= columns) return [sides(beside, where, columns, least)]
  return [sides(name, where, columns, least), ...wrap(subject, columns - 4, 2).map((one) => [gap(2), ...one])]
}
const shortest = 24

/** Where we look: on every screen, in the same place. */
function whereLine(state: State, { marks, spoken }: Look): Line {
  const { place } = state
  if (place.kind === 'none' || !reachable(state)) return [span(`${marks.none} no cluster`, 'faint')]
  // Before anything was answered it is not known whether a cluster is there.
  const there = place.kind === 'live' && state.facts.size > 0
  const mark = place.kind === 'case' ? marks.case : there ? marks.live : marks.none
  const token = place.kind === 'live' ? reachOf(state).token : undefined
  const whole = line(` ${[place.where, ...(token === undefined ? [] : [token])].join(' · ')}`, 'faint')
  const where = place.kind === 'case' && !spoken ? cut(whole, 44) : whole
  return [span(mark, there ? 'good' : 'faint'), ...where]
}

/** Who cannot reach whom, in one phrase of words that are at most so long. */
function subjectSpans(aim: Aim | null, most: number): Line {
  if (aim === null) return []
  if (aim.kind === 'survey') return [middle(surveyText(aim.jobs?.map(({ id }) => id) ?? []), most, 'faint')]
  const { from, to, port, dials } = aim.subject
  const target = withPort(spellSide(to) ?? 'anything', port)
  const words = [
    ...(from === null ? [] : [spellSide(from) ?? '', '→']),
    target,
    ...(dials === undefined ? [] : ['dials', dials]),
  ]
  return words.flatMap((word, i): Line => [gap(i === 0 ? 0 : 1), middle(word, most, 'faint')])
}

function surveyText(jobs: readonly string[]): string {
  if (jobs.length === 0) return 'everything'
  const more = jobs.length - named
  return `${jobs.slice(0, named).join(', ')}${more > 0 ? ` and ${count(more, 'more job')}` : ''}`
}
/** So many jobs are called by their names. */
const named = 3
