import type { Outcome } from '../knowledge/shapes/packet.ts'
import type { WhatIf } from '../knowledge/shapes/walk.ts'
import { outcomeText } from './words.ts'

/** A command that was tried on a copy of what was read of one place; nothing was run. */
export interface Supposed {
  readonly argv: readonly string[]
  /** `client c1`. */
  readonly on: string
  readonly made: WhatIf
}

/** A sentence of what came of it: the connection itself, what would fare worse, and the rest. */
export interface SupposedLine {
  readonly kind: 'own' | 'worse' | 'each' | 'rest'
  readonly says: string
  /** What becomes of the connection it is about. */
  readonly after?: Outcome
}

/** Before and after, and what else fares worse. */
export function supposedLines({ made }: Supposed): readonly SupposedLine[] {
  if (!made.tried) return [{ kind: 'own', says: `Not tried: ${made.because}.` }]
  const { walks, others, worse } = made
  const own = walks.map(({ what, before, after }): SupposedLine => ({
    kind: 'own',
    says:
      before === after
        ? `${what}: as now, ${outcomeText[after]}.`
        : `${what}: now ${outcomeText[before]}; then ${outcomeText[after]}.`,
    after,
  }))
  const rest =
    others === 0
      ? 'No other connection could be compared.'
      : `None of ${others} other connections to these clients would fare worse.`
  const besides: readonly SupposedLine[] =
    worse.length === 0
      ? [{ kind: 'rest', says: rest }]
      : [
          { kind: 'worse', says: `${worse.length} of ${walks.length + others} connections would fare worse:` },
          ...worse.map(({ what, before, after }): SupposedLine => ({
            kind: 'each',
            says: `${what}: ${before} now, ${after} then`,
            after,
          })),
        ]
  return [...own, ...besides, { kind: 'rest', says: 'It was tried on a copy of what was read. Nothing was run.' }]
}
