import type { Evidence, Finding } from '../knowledge/report.ts'
import { sourceOf, writtenAs } from '../knowledge/source-of.ts'
import { pictureOf } from '../run/selectors.ts'
import type { State } from '../run/state.ts'
import { waysOf, type PathWays } from '../way/facts.ts'
import type { WayStep } from '../way/steps.ts'
import { toldWalk, type ToldWalk, type ToldWay } from '../way/told.ts'
import type { PathWalk } from '../way/walked.ts'
import type { At } from './screen.ts'

/** One way of one walk: what the screen shows at a time. */
export interface Shown {
  readonly path: PathWays
  readonly walk: PathWalk
  readonly told: ToldWalk
  readonly way: ToldWay
  /** Of the ways of this walk, from 0. */
  readonly number: number
}

const made = new WeakMap<object, readonly PathWays[]>()

/** The paths of the picture; drawn often, so followed once. */
export function pathsOf(state: State): readonly PathWays[] {
  const picture = pictureOf(state)
  if (!picture) return []
  const known = made.get(picture)
  if (known) return known
  const paths = waysOf(picture.world, picture.scope)
  made.set(picture, paths)
  return paths
}

const shownFor = new WeakMap<readonly PathWays[], readonly Shown[]>()

/** Every way of every walk, in order. */
export function shownOf(state: State): readonly Shown[] {
  const paths = pathsOf(state)
  const known = shownFor.get(paths)
  if (known) return known
  const all = paths.flatMap((path) =>
    path.walks.flatMap((walk) => {
      const told = toldWalk(walk)
      return told.ways.map((way, number): Shown => ({ path, walk, told, way, number }))
    }),
  )
  shownFor.set(paths, all)
  return all
}

/** The way on the screen: `filter` is its number; until somebody chose, the first that does not arrive. */
export function shownNow({ state, frame }: Pick<At, 'state' | 'frame'>): {
  readonly at: number
  readonly all: readonly Shown[]
} {
  const all = shownOf(state)
  const first = Math.max(
    0,
    all.findIndex(({ way }) => way.outcome !== 'answered'),
  )
  const chosen = frame.filter === '' ? first : Number(frame.filter)
  return { at: Math.min(all.length - 1, chosen), all }
}

/** The replies a step was followed in, each with the rule it shows. */
export function evidenceOf(step: WayStep, { walk, path }: Shown): readonly Evidence[] {
  const wheres = step.hops.length > 0 ? [...step.hops].toReversed() : step.where ? [step.where] : []
  const found = wheres.flatMap((where) => {
    const seen = sourceOf(where, walk.places, walk.wanted.dst.includes(':'), path.seen)
    return seen
      ? [{ request: seen.request, excerpt: writtenAs(where) || seen.excerpt, at: seen.at, ask: seen.ask }]
      : []
  })
  return found.filter((one, i) => found.findIndex(({ ask }) => ask === one.ask) === i)
}

/** The finding that what was measured contradicts the walk of this path, if it is one. */
export const differsFrom = (state: State, { path: { about } }: Shown): Finding | undefined =>
  pictureOf(state)?.report.findings.find((one) => one.id === 'simulation-disagrees' && one.about === about)
