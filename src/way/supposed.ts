import type { Outcome } from '../knowledge/shapes/packet.ts'
import type { PathWalk, Retried, WhatIf } from '../knowledge/shapes/walk.ts'
import { outcomeOf } from '../packet/walk/index.ts'
import { ended } from '../knowledge/words.ts'
import { endsOf } from './told.ts'
import { outcomeText } from './words.ts'

/** Commands that were tried, one after another, on a copy of what was read; nothing was run. */
export interface Supposed {
  /** At least one. */
  readonly commands: readonly {
    readonly argv: readonly string[]
    /** `client c1`; empty where no place is known. */
    readonly on: string
  }[]
  readonly made: WhatIf
  readonly places: PathWalk['places']
}

/** A sentence of what came of it: the connection itself, what would fare worse, and the rest. */
export interface SupposedLine {
  readonly kind: 'own' | 'worse' | 'each' | 'rest'
  readonly says: string
  /** What becomes of the connection it is about. */
  readonly after?: Outcome
}

/** Where a connection that is not known then is lost, the rule as written, and why. */
export function lostAt({ after, traces }: Retried): string | undefined {
  const ends = traces.flatMap(({ verdict, back }) => [verdict, back?.verdict])
  const end = after === 'unknown' ? ends.find((one) => one?.kind === 'unknown') : undefined
  if (end?.kind !== 'unknown') return undefined
  const { namespace, table, chain, rule, text } = end.where
  const ruled = table === undefined ? [] : [`${table} ${chain ?? ''}${rule === undefined ? '' : ` rule ${rule}`}`]
  return `${[namespace, ...ruled, ...(text === undefined ? [] : [text])].join(', ')}: ${end.because}`
}

/** Where a connection ends then that does not come through; undefined: it does, or that is not known. */
export function endThen({ after, traces, stray }: Retried, places: Supposed['places']): string | undefined {
  if (stray !== undefined || after === 'answered' || after === 'unknown') return undefined
  return endsOf(traces, places).join('; or ')
}

/** Whether the packet arrives, and whether its answer does, in one sentence. */
export function arrivesText({ arrives, walks, worse }: WhatIf & { readonly tried: true }): string {
  if (arrives === 'unknown') return 'Whether the packet arrives with it cannot be told'
  if (arrives === 'yes')
    return worse.length > 0
      ? 'The packet arrives with it, and something else breaks'
      : 'The packet arrives with it, and nothing that was compared breaks'
  const there = walks.every(
    ({ stray, traces }) => stray === undefined && traces.every(({ verdict }) => verdict.kind === 'delivered'),
  )
  return there ? 'The packet arrives with it, and its answer does not' : 'The packet does not arrive with it'
}

/** Where chance decides, each that it may be. */
function thenText({ after, traces }: Retried): string {
  const outcomes = new Set(traces.map((one) => outcomeOf(one)))
  return after === 'unknown' && outcomes.size > 1 ? `${[...outcomes].join(' or ')} by chance` : after
}

/** Before and after, and what else fares worse. */
export function supposedLines({ made, places }: Supposed): readonly SupposedLine[] {
  if (!made.tried) return [{ kind: 'own', says: ended(`Not tried: ${made.because}`) }]
  const { walks, others, notCompared, left: more, worse } = made
  const own = walks.map((walk): SupposedLine => {
    const { what, before, after, stray, strayed } = walk
    const lost = lostAt(walk)
    const said =
      stray !== undefined
        ? `${what}: now ${outcomeText[before]}; then it does not come to the target: ${stray} takes it.`
        : strayed !== undefined
          ? `${what}: now ${strayed} takes it in place of the target; then ${outcomeText[after]}.`
          : before === after
            ? `${what}: as now, ${outcomeText[after]}.`
            : `${what}: now ${outcomeText[before]}; then ${outcomeText[after]}.`
    const end = endThen(walk, places)
    const more = lost === undefined ? (end === undefined ? '' : ` ${ended(end)}`) : ` Not known at ${lost}.`
    return { kind: 'own', says: `${said}${more}`, after }
  })
  const rest =
    others === 0
      ? 'No other connection could be compared.'
      : `None of ${others} other connections to these clients would fare worse.`
  const besides: readonly SupposedLine[] =
    worse.length === 0
      ? [{ kind: 'rest', says: rest }]
      : [
          { kind: 'worse', says: `${worse.length} of ${walks.length + others} connections would fare worse:` },
          ...worse.map((one): SupposedLine => {
            const { what, before, after } = one
            return {
              kind: 'each',
              says: before === after ? what : `${what}: ${before} now, ${thenText(one)} then`,
              after,
            }
          }),
        ]
  const left: readonly SupposedLine[] =
    notCompared === 0
      ? []
      : [{ kind: 'rest', says: `${notCompared} more could not be compared: what becomes of them is not known.` }]
  const capped: readonly SupposedLine[] =
    more === 0
      ? []
      : [{ kind: 'rest', says: `${more} more were not compared: no more than ${others + notCompared} are.` }]
  return [
    ...own,
    ...besides,
    ...left,
    ...capped,
    { kind: 'rest', says: 'It was tried on a copy of what was read. Nothing was run.' },
  ]
}
