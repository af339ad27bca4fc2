import type { PathWalk } from '../../knowledge/shapes/walk.ts'
import { walkPast } from '../../packet/walk/index.ts'
import { derivation, made, type AnyDerivation } from '../derivation.ts'
import { traceLines } from './lines.ts'
import { together } from './together.ts'

export const pastDerivation: AnyDerivation = derivation({
  provides: 'path.past',
  about: 'path',
  from: ['path.walks', 'path.network'],
  make: ({ 'path.walks': walks, 'path.network': { topology } }) => {
    const past = walks.map((one): PathWalk => {
      if (!one.traces.some(({ verdict, back }) => isEnd(verdict.kind) || isEnd(back?.verdict.kind))) return one
      const traces = walkPast(topology, one.start, one.wanted)
      return { ...one, traces, outcome: together(traces) }
    })
    return made(
      past,
      past
        .flatMap(({ dial, outcome, traces, places }) => [
          `${dial.from}: ${dial.host}:${dial.port}, past what ends it: ${outcome}`,
          ...traces.flatMap((trace) => traceLines(places, trace)),
        ])
        .join('\n'),
    )
  },
})

const isEnd = (kind: string | undefined): boolean => kind === 'dropped' || kind === 'rejected' || kind === 'unreachable'
