import { cut, line, span, type Line } from '../components/line.ts'
import { spellSide } from '../run/names.ts'
import { reachable } from '../run/reach.ts'
import type { Aim, State } from '../run/state.ts'
import type { Look } from '../theme.ts'

/** Where we look: on every screen, in the same place. */
export function whereLine(state: State, { marks }: Look): Line {
  const { place } = state
  if (place.kind === 'none' || !reachable(state)) return [span(`${marks.none} no cluster`, 'faint')]
  const mark = { live: marks.live, case: marks.case }[place.kind]
  const where = place.kind === 'case' ? cut(line(` ${place.where}`, 'faint'), 44) : line(` ${place.where}`, 'faint')
  return [span(mark, place.kind === 'live' ? 'good' : 'faint'), ...where]
}

/** Who cannot reach whom, in one phrase. */
export function subjectText(aim: Aim | null): string {
  if (aim === null) return ''
  if (aim.kind === 'survey') {
    const jobs = aim.jobs?.map(({ id }) => id) ?? []
    return jobs.length === 0 ? 'everything' : jobs.join(', ')
  }
  const { from, to, port } = aim.subject
  const target = `${spellSide(to) ?? 'anything'}${port === null ? '' : `:${port}`}`
  return from === null ? target : `${spellSide(from) ?? ''} → ${target}`
}
