import { measuredOutcome } from '../../knowledge/measured.ts'
import type { PathNetwork, PathWalk } from '../../knowledge/shapes/walk.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { isInside } from './inside.ts'
import { whyUnknown } from './rule-stop.ts'

export const letThroughDerivation: AnyDerivation = derivation({
  provides: 'path.let-through',
  about: 'path',
  from: ['path.ends'],
  maybe: ['path.walks', 'path.network'],
  waits: ['path.walks', 'path.network'],
  shows: ['path.walks', 'path.ends'],
  make: ({ 'path.ends': ends }, { 'path.walks': walks, 'path.network': network }) => {
    if (!ends || measuredOutcome(ends.remote) === 'answered')
      return made<boolean | null>(null, 'no connection that was tried failed')
    const { host, port } = ends.remote
    const here = (walks ?? []).filter(({ dial }) => dial.host === host && dial.port === port)
    const own = here.filter(({ begins }) => begins === 'source')
    const there = here.filter(({ begins }) => begins === 'client')
    const ended = own.find(isEnded)
    if (ended) return made<boolean | null>(false, `${host}:${port} from the source: ${ended.outcome}`)
    if (own.length > 0 && own.every(({ outcome }) => outcome === 'answered'))
      return made<boolean | null>(true, `${host}:${port} from the source: answered`)
    const lost = own.find((one) => one.outcome === 'unknown' && !isBetween(one, network))
    if (there.some(isEnded) && there.every(isEnded))
      return made<boolean | null>(false, `${host}:${port} as it comes to the client of the target: not answered`)
    if (lost) return notKnown(whyUnknown(lost))
    // Between the clients nobody reads; the one at its end lets it through.
    if (own.length > 0 && there.length > 0 && there.every(({ outcome }) => outcome === 'answered'))
      return made<boolean | null>(true, `${host}:${port} as it comes to the client of the target: answered`)
    const open = there.find(({ outcome }) => outcome === 'unknown')
    return notKnown(open ? whyUnknown(open) : 'how the packets of the connection fare by the rules is not known')
  },
})

/** It is known to fail. */
export const isEnded = ({ outcome }: Pick<PathWalk, 'outcome'>): boolean =>
  outcome !== 'answered' && outcome !== 'unknown'

/** The packet is lost sight of behind a client: every rule of it let it through, and it does not stay on that one. */
const isBetween = ({ traces, places }: PathWalk, network: PathNetwork | undefined): boolean =>
  traces.every(
    ({ verdict }) =>
      verdict.kind === 'unknown' &&
      verdict.where.at === 'neighbour' &&
      places[verdict.where.namespace]?.kind === 'client' &&
      !isInside(verdict.where.oif, network?.topology.namespaces[verdict.where.namespace]?.links ?? []),
  )
