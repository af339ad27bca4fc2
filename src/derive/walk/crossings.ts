import type { Way } from '../../knowledge/shapes/crossing.ts'
import type { Crossing, NamespaceState } from '../../knowledge/shapes/packet.ts'
import { isLoopback } from '../../packet/ipaddr.ts'
import { cross, type Meant } from '../../packet/walk/index.ts'
import { derivation, type AnyDerivation } from '../derivation.ts'
import { crossed, crossingNeeds } from './kernel.ts'

/** Docker publishes the port: where its rule is missing, a process of its own listens and passes on. */
export const published = ({ mode, inside }: Way): boolean => mode === 'host' && inside !== null

const [theirs, ours] = [crossingNeeds('target'), crossingNeeds('source')]

export const crossingDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.inbound.crossings',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: theirs,
    waits: theirs,
    shows: 'target.node.iptables',
    make: ({ 'path.inbound.way': way }, maybe, _, missed) =>
      way ? through(way, crossed('target', maybe, missed)) : [],
  }),
  derivation({
    provides: 'path.outbound.crossings',
    about: 'path',
    from: ['path.outbound.way'],
    maybe: ours,
    waits: ours,
    shows: 'source.node.iptables',
    make: ({ 'path.outbound.way': way }, maybe, _, missed) =>
      way ? through(way, crossed('source', maybe, missed)) : [],
  }),
]

/** Every caller it may be, by every device, through the namespace of the client alone. */
export const through = (way: Way, state: NamespaceState): readonly Crossing[] =>
  [way.in, ...(way.also ?? [])].flatMap((device) => by(device, way, state))

function by(device: string, way: Way, state: NamespaceState): readonly Crossing[] {
  return way.sources.flatMap((src) => {
    // The kernel chooses it for a call from the client to itself.
    const own = way.in === '' && isLoopback(way.address) && isLoopback(src)
    const wanted = { proto: way.proto ?? 'tcp', ...(own ? {} : { src }), dst: way.address, dport: way.port } as const
    const start = way.in === '' ? { uid: null, gid: null } : { arrives: device }
    return cross(state, start, wanted, meantOf(way))
  })
}

const meantOf = (way: Way): Meant => {
  if (way.side === 'source' || published(way)) return {}
  return { ...(way.inside ? { to: way.inside } : {}), out: way.out }
}
