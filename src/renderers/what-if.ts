import { cleanLine } from '../ask/clean.ts'
import { command } from '../ask/words.ts'
import type { WhatIf } from '../knowledge/shapes/walk.ts'
import { outcomeText } from '../way/words.ts'
import { wrap, type Style } from './style.ts'

/** A command that was tried on a copy of what was read of one place; nothing was run. */
export interface Supposed {
  readonly argv: readonly string[]
  /** `client c1`. */
  readonly on: string
  readonly made: WhatIf
}

/** Before and after, and what else fares worse. */
export function supposedLines({ argv, on, made }: Supposed, style: Style): readonly string[] {
  const head = style.paint('heading', cleanLine(`What if, on ${on}: ${command(argv)}`))
  if (!made.tried) return [head, ...wrap(`Not tried: ${made.because}.`, 2, style), '']
  const { walks, others, worse } = made
  const own = walks.flatMap(({ what, before, after }) =>
    wrap(
      before === after
        ? `${what}: as now, ${outcomeText[after]}.`
        : `${what}: now ${outcomeText[before]}; then ${outcomeText[after]}.`,
      2,
      style,
    ),
  )
  const rest =
    worse.length > 0
      ? [
          style.paint('bad', `  ${worse.length} of ${walks.length + others} connections would fare worse:`),
          ...worse.flatMap(({ what, before, after }) => wrap(`${what}: ${before} now, ${after} then`, 4, style)),
        ]
      : wrap(
          others === 0
            ? 'No other connection could be compared.'
            : `None of ${others} other connections to these clients would fare worse.`,
          2,
          style,
        )
  return [head, ...own, ...rest, ...wrap('It was tried on a copy of what was read. Nothing was run.', 2, style), '']
}

/** The same as data. */
export const supposedJson = ({ argv, on, made }: Supposed): object => ({
  command: argv,
  on,
  ...(made.tried
    ? {
        tried: true,
        because: null,
        arrives: made.arrives,
        walks: made.walks.map(({ what, before, after }) => ({ what, before, after })),
        others: made.others,
        worse: made.worse.map(({ what, before, after }) => ({ what, before, after })),
      }
    : { tried: false, because: made.because, arrives: 'unknown', walks: [], others: 0, worse: [] }),
})
