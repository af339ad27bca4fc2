import { isAnswered } from '../../knowledge/measured.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import type { PathWalk } from '../../knowledge/shapes/walk.ts'

/** What stops the connections of a path, before anybody asks whether it is at fault. */
export interface Stopping<S> {
  readonly stops: readonly S[]
  /** Something stops packets that come to the target's client, and not those of every caller it may be. */
  readonly differs: boolean
  /** The first walk that is not known to its end. */
  readonly lost: PathWalk | undefined
  /** The walks that were asked: an address that was measured to answer is let through, whatever the walk says. */
  readonly open: readonly PathWalk[]
}

export function stopping<S extends { readonly host: string }>(
  walks: readonly PathWalk[],
  attempts: readonly Attempt[],
  stopsIn: (walk: PathWalk) => readonly S[],
): Stopping<S> {
  const open = walks.filter((one) => !isAnswered(one, attempts))
  const own = open.filter(({ begins }) => begins === 'source')
  const there = open.filter(({ begins }) => begins === 'client')
  const named = walks.some(({ begins }) => begins === 'source')
  const whole = named && own.every(({ outcome }) => outcome !== 'unknown')
  // Behind where the packet is lost sight of, and where nobody is named as the caller.
  const [first = [], ...others] = whole ? [] : there.map(stopsIn)
  const alike = first.filter((stop) => others.every((list) => list.some((other) => isSame(stop, other))))
  const stops = [...own.flatMap(stopsIn), ...alike]
  return {
    stops,
    differs: stops.length === 0 && [first, ...others].some((list) => list.length > 0),
    lost: whole ? undefined : [...own, ...there].find(({ outcome }) => outcome === 'unknown'),
    open,
  }
}

const isSame = (one: object, other: object): boolean => shape(one) === shape(other)

/** Where it stops, whatever address is called and by whichever device the call comes in. */
const shape = (stop: object): string => JSON.stringify({ ...stop, host: '', packets: [] })
