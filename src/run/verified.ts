import { isConsent } from '../ask/consent.ts'
import { eachOnce } from '../knowledge/evidence.ts'
import type { Seen } from '../knowledge/fact.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { reasonOf } from '../knowledge/words.ts'
import type { Thing } from '../knowledge/things.ts'
import type { Picture } from './loop.ts'
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

/** What stays of a thing when its parts are replaced: of an allocation its group, of a path its ends. */
const kinOf = ({ kind, about, links }: Thing): string => (kind === 'alloc' ? (links.group ?? about) : about)

/** All that has a fault now, so that what took its place is found after a repair. */
export function kinWith(picture: Picture | null, wanted: string | undefined): readonly string[] {
  const having = picture?.verdicts.filter(({ fault, verdict }) => fault === wanted && verdict === 'present') ?? []
  return kinOfAll(
    having.map(({ thing }) => thing),
    picture,
  )
}

const kinOfAll = (ids: readonly string[], picture: Picture | null): readonly string[] => [
  ...new Set(ids.flatMap((id) => picture?.world.things.get(id) ?? []).map(kinOf)),
]

/** What shows that it is gone, of what had it and no other; nothing where nobody of these is left. */
export function shownGone(state: State, fault: string): readonly Seen[] {
  const picture = pictureOf(state)
  return eachOnce(
    picture?.verdicts.flatMap((one) =>
      one.fault === fault &&
      one.verdict === 'absent' &&
      kinOfAll([one.thing], picture).some((kin) => state.kin.includes(kin))
        ? one.evidence
        : [],
    ) ?? [],
  )
}

const saidNo = ({ place, silent }: State): string =>
  place.kind !== 'live' ? 'nobody agreed' : silent ? 'you said never to ask' : 'you said no; v asks again'

/** The same as one line. */
export function verified(state: State, wanted: string | undefined): string {
  const same = state.place.kind === 'case' ? ' A recording answers the same again.' : ''
  if (!pictureOf(state) || wanted === undefined) return `Looked again.${same}`
  const title = faultById.get(wanted)?.title ?? wanted
  const { is, why } = outcomeOf(state, wanted)
  if (is === 'there') return `Still there: ${title}.${same}`
  return is === 'gone' ? `Gone: ${title}.${same}` : `Not known now: ${title}${why === undefined ? '' : ` (${why})`}.`
}
