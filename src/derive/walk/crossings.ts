import type { Way } from '../../knowledge/shapes/crossing.ts'
import type { Crossing } from '../../knowledge/shapes/packet.ts'
import type { Kernel } from '../../knowledge/shapes/walk.ts'
import { isLoopback } from '../../packet/ipaddr.ts'
import { cross, type Meant } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { wayLine } from '../rules/door.ts'

/** Docker publishes the port: where its rule is missing, a process of its own listens and passes on. */
export const published = ({ mode, inside }: Way): boolean => mode === 'host' && inside !== null

export const crossingDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.inbound.crossings',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['target.node.kernel'],
    shows: 'target.node.kernel',
    make: ({ 'path.inbound.way': way }, { 'target.node.kernel': kernel }) => through(way, kernel),
  }),
  derivation({
    provides: 'path.outbound.crossings',
    about: 'path',
    from: ['path.outbound.way'],
    maybe: ['source.node.kernel'],
    shows: 'source.node.kernel',
    make: ({ 'path.outbound.way': way }, { 'source.node.kernel': kernel }) => through(way, kernel),
  }),
]

/** Every caller it may be, through the namespace of the client alone. */
function through(way: Way | null, kernel: Kernel | null | undefined) {
  if (!way) return made<readonly Crossing[]>([], 'no packet comes through the client')
  if (!kernel) return notKnown(`what decides about packets on ${way.node} is not known`)
  const crossings = way.sources.flatMap((src) => {
    // The kernel chooses it for a call from the client to itself.
    const own = way.in === '' && isLoopback(way.address) && isLoopback(src)
    const wanted = { proto: 'tcp', ...(own ? {} : { src }), dst: way.address, dport: way.port } as const
    return cross(kernel.state, way.in === '' ? {} : { arrives: way.in }, wanted, meantOf(way))
  })
  return made<readonly Crossing[]>(crossings, wayLine(way))
}

const meantOf = (way: Way): Meant => {
  if (way.side === 'source' || published(way)) return {}
  return { ...(way.inside ? { to: way.inside } : {}), out: way.out }
}
