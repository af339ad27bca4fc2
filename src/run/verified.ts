import { faultById } from '../knowledge/faults/index.ts'
import { pictureOf } from './selectors.ts'
import type { State } from './state.ts'

/** What became of a fault on a second look. */
export function verified(state: State, wanted: string | undefined): string {
  const report = pictureOf(state)?.report
  const same = state.place.kind === 'case' ? ' A recording answers the same again.' : ''
  if (!report || wanted === undefined) return `Looked again.${same}`
  const title = faultById.get(wanted)?.title ?? wanted
  if (report.findings.some(({ id }) => id === wanted)) return `${title}: still present.${same}`
  const open = report.unknown.find(({ id }) => id === wanted)
  if (!open) return `${title}: absent now.${same}`
  const cause = open.because.find(({ why }) => why !== 'not-evaluable') ?? open.because[0]
  if (!cause) return `${title}: not known now.`
  const why = /your consent/.test(cause.detail ?? '') ? 'you said no' : (cause.detail ?? cause.why)
  return `${title}: not known now, because ${cause.fact} was not read: ${why}`
}
