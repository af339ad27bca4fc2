import type { Seen, Unknown, World } from '../knowledge/fact.ts'
import type { Capture } from '../knowledge/shapes/capture.ts'
import type { Attempt } from '../knowledge/shapes/runtime.ts'
import type { Thing } from '../knowledge/things.ts'
import { triedOf, type Tried } from './tried.ts'
import type { PathNetwork, PathWalk } from './walked.ts'

/** What is known of one path's packets. */
export interface PathWays {
  readonly about: string
  readonly thing: string
  readonly walks: readonly PathWalk[]
  /** Why there are none. */
  readonly unknown: Unknown | null
  /** The replies the walks were followed in. */
  readonly seen: readonly Seen[]
  /** Connection attempts along the path, each beside what the walk says of it. */
  readonly tried: readonly Tried[]
  /** Why nothing was tried. */
  readonly untried: Unknown | null
  readonly capture: Capture | null
  /** Why packets were not watched; null also where nobody asked for it. */
  readonly unwatched: Unknown | null
}

/** The paths among these things, with what is known of their packets. */
export const waysOf = (world: World, things: readonly Thing[]): readonly PathWays[] =>
  things.filter(({ kind }) => kind === 'path').map((thing) => waysOfPath(world, thing))

const never: Unknown = { known: false, why: 'not-asked' }

const passes = ({ traces }: PathWalk, namespace: string): boolean =>
  traces.some(({ hops }) => hops.some((hop) => hop.namespace === namespace))

/** A walk that begins at the target's client says no more than one of the source that comes by there. */
function telling(walks: readonly PathWalk[]): readonly PathWalk[] {
  const whole = walks.filter(({ begins }) => begins === 'source')
  return walks.filter((one) => one.begins === 'source' || !whole.some((other) => passes(other, one.start.namespace)))
}

function waysOfPath(world: World, { id, about }: Thing): PathWays {
  const held = world.facts.get(id)
  const walks = held?.get('path.walks') ?? never
  const network = held?.get('path.network')
  const capture = held?.get('path.capture')
  const attempts = held?.get('path.attempts') ?? never
  const { inputs = [], ...own } = walks.known ? walks.seen : { inputs: [], ask: '' }
  return {
    about,
    thing: id,
    walks: walks.known ? telling(walks.value as readonly PathWalk[]) : [],
    unknown: walks.known ? null : walks,
    seen: 'at' in own ? [own, ...inputs] : [],
    tried: triedOf(
      attempts.known ? (attempts.value as readonly Attempt[]) : [],
      network?.known ? (network.value as PathNetwork) : null,
    ),
    untried: attempts.known ? null : attempts,
    capture: capture?.known ? (capture.value as Capture) : null,
    unwatched: capture && !capture.known ? capture : null,
  }
}
