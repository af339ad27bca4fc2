/** Small readings of what the scheduler says, shared by the faults of placement. */
import type { Severity } from './fault.ts'
import type { NodeOffer, PlacementFailure } from './shapes/runtime.ts'

/** Clients that take new allocations. */
export const taking = (offers: readonly NodeOffer[]): readonly NodeOffer[] =>
  offers.filter(({ status, eligible, draining }) => status === 'ready' && eligible && !draining)

/** Only Linux clients make a bridge. */
export const linux = ({ os }: NodeOffer): boolean => !/windows|darwin|mac/i.test(os)

/** A group of which some allocations run serves with what it has. */
export const grave = (placement: 'placed' | 'partly' | 'not-placed'): Severity =>
  placement === 'partly' ? 'degrades' : 'breaks'

/** One reason of the scheduler, with what its text names and the number of clients it kept out. */
export interface Reason {
  readonly text: string
  readonly words: readonly string[]
  readonly count: number
}

/** Reasons whose text fits; for constraints the whole text, for dimensions the resource that was short. */
export function reasons(
  failure: PlacementFailure | null,
  from: 'constraints' | 'dimensions',
  fits: RegExp,
): readonly Reason[] {
  const counted = from === 'constraints' ? failure?.constraintFiltered : failure?.dimensionExhausted
  return Object.entries(counted ?? {}).flatMap(([text, count]) => {
    const found = fits.exec(text)
    return found ? [{ text, words: found.slice(1), count }] : []
  })
}

/** `1 client`, `3 clients`. */
export const clients = (count: number): string => `${count} client${count === 1 ? '' : 's'}`

/** `Client c1 has no bridge`, `Clients c1 and c2 have no bridge`. */
export const tell = (all: readonly string[], one: string, several: string): string =>
  all.length === 1 ? `Client ${all[0] ?? ''} ${one}` : `Clients ${names(all)} ${several}`

/** `c1, c2 and 3 more`. */
export function names(all: readonly string[], most = 4): string {
  if (all.length <= most)
    return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`
  return `${all.slice(0, most).join(', ')} and ${all.length - most} more`
}
