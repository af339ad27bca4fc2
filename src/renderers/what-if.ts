import { cleanLine } from '../ask/clean.ts'
import { command } from '../ask/words.ts'
import { endThen, lostAt, supposedLines, type Supposed } from '../way/supposed.ts'
import { wrap, type Style } from './style.ts'

/** What was tried, and what came of it. */
export function supposedText(supposed: Supposed, style: Style): readonly string[] {
  const head = supposed.commands.map(({ on, argv }, i) =>
    style.paint('heading', cleanLine(`${i === 0 ? 'What if' : 'and then'}, on ${on}: ${command(argv)}`)),
  )
  const said = supposedLines(supposed).flatMap(({ kind, says }) =>
    kind === 'worse' ? [style.paint('bad', `  ${says}`)] : wrap(cleanLine(says), kind === 'each' ? 4 : 2, style),
  )
  return [...head, ...said, '']
}

/** The same as data. */
export const supposedJson = ({ commands, made, places }: Supposed): object => ({
  command: commands[0]?.argv ?? [],
  on: commands[0]?.on ?? '',
  commands: commands.map(({ argv, on }) => ({ command: argv, on })),
  ...(made.tried
    ? {
        tried: true,
        because: null,
        arrives: made.arrives,
        walks: made.walks.map((one) => {
          const { what, before, after } = one
          return {
            what,
            before,
            after,
            because: lostAt(one) ?? null,
            ends: endThen(one, places) ?? null,
            stray: one.stray ?? null,
            strayed: one.strayed ?? null,
          }
        }),
        others: made.others,
        notCompared: made.notCompared,
        left: made.left,
        worse: made.worse.map(({ what, before, after }) => ({ what, before, after })),
      }
    : {
        tried: false,
        because: made.because,
        arrives: 'unknown',
        walks: [],
        others: 0,
        notCompared: 0,
        left: 0,
        worse: [],
      }),
})
