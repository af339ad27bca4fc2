import type { PathWalk } from '../../knowledge/shapes/walk.ts'
import { walkPast } from '../../packet/walk/index.ts'
import { derivation, type AnyDerivation } from '../derivation.ts'
import { together } from './together.ts'

export const pastDerivation: AnyDerivation = derivation({
  provides: 'path.past',
  about: 'path',
  from: ['path.walks', 'path.network'],
  make: ({ 'path.walks': walks, 'path.network': { topology } }) => {
    return walks.map((one): PathWalk => {
      if (!one.traces.some(({ verdict, back }) => isEnd(verdict.kind) || isEnd(back?.verdict.kind))) return one
      const traces = walkPast(topology, one.start, one.wanted)
      return { ...one, traces, outcome: together(traces) }
    })
  },
})

const isEnd = (kind: string | undefined): boolean => kind === 'dropped' || kind === 'rejected' || kind === 'unreachable'
