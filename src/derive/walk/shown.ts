import type { Seen } from '../../knowledge/fact.ts'
import type { Where } from '../../knowledge/shapes/packet.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import { sourceOf, writtenAs } from '../../knowledge/source-of.ts'
import type { Shown } from '../derivation.ts'

/** Where a packet ends, and a line about it. */
interface Ending {
  readonly where: Where
  readonly six?: boolean
  readonly line: string
}

/** The replies that hold the rules, routes and devices at which packets end, each with what is written there. */
export const shownAt =
  (endings: readonly Ending[], { places }: Pick<PathNetwork, 'places'>): Shown =>
  (seen) => {
    const found = new Map<string, Seen>()
    for (const { where, six = false, line } of endings) {
      const source = sourceOf(where, places, six, seen)
      if (!source) continue
      const written = writtenAs(where)
      const own = written === '' || written === line ? line : `${written}\n${line}`
      const before = found.get(source.ask)
      found.set(source.ask, { ...source, excerpt: before ? `${before.excerpt}\n${own}` : own })
    }
    return [...found.values()]
  }
