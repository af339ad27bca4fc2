import { isConsent } from '../ask/consent.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { reasonOf } from '../knowledge/words.ts'
import { pictureOf } from './selectors.ts'
import type { State } from './state.ts'

/** What became of a fault on a second look; `why`: what keeps it from being known. */
export function outcomeOf(
  state: State,
  fault: string,
): { readonly is: 'there' | 'gone' | 'unknown'; readonly why?: string } {
  const report = pictureOf(state)?.report
  if (report?.findings.some(({ id }) => id === fault)) return { is: 'there' }
  const open = report?.unknown.find(({ id }) => id === fault)
  if (!open) return { is: 'gone' }
  const cause = open.because.find(({ why }) => why !== 'not-evaluable') ?? open.because[0]
  if (!cause) return { is: 'unknown' }
  return { is: 'unknown', why: isConsent(cause) ? saidNo(state) : reasonOf(cause) }
}

const saidNo = ({ place }: State): string => (place.kind === 'live' ? 'you said no; v asks again' : 'nobody agreed')

/** The same as one line. */
export function verified(state: State, wanted: string | undefined): string {
  const same = state.place.kind === 'case' ? ' A recording answers the same again.' : ''
  if (!pictureOf(state) || wanted === undefined) return `Looked again.${same}`
  const title = faultById.get(wanted)?.title ?? wanted
  const { is, why } = outcomeOf(state, wanted)
  if (is === 'there') return `Still there: ${title}.${same}`
  return is === 'gone' ? `Gone: ${title}.${same}` : `Not known now: ${title}${why === undefined ? '' : ` (${why})`}.`
}
