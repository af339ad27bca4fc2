import type { Start } from '../../knowledge/shapes/packet.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import { walkPast, type Where } from '../../packet/walk/index.ts'

/** Where a caller's first packet goes. */
interface Call {
  readonly start: Start
  readonly src?: string
  readonly dst: string
  readonly dport: number
}

/** The device by which it comes in to a client, as it is walked; undefined where it is not followed to there, or may come in by several. */
export function enteredBy({ topology }: PathNetwork, place: string, { start, ...wanted }: Call): string | undefined {
  const devices = walkPast(topology, start, { proto: 'tcp', ...wanted }).map(({ hops, passed = [] }) => {
    const ends = passed.flatMap(({ verdict }) => ('by' in verdict ? [verdict.by] : []))
    return [...hops, ...ends].find((at: Where) => at.namespace === place && at.iif !== undefined)?.iif
  })
  const [first, ...more] = new Set(devices)
  return more.length === 0 ? first : undefined
}
