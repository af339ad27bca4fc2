import type { Way } from '../../knowledge/shapes/crossing.ts'
import type { Start, Trace, Wanted } from '../../knowledge/shapes/packet.ts'
import type { PathNetwork, PathWalk } from '../../knowledge/shapes/walk.ts'
import type { Thing } from '../../knowledge/things.ts'
import { isLoopback } from '../../packet/ipaddr.ts'
import { walk } from '../../packet/walk/index.ts'
import { derivation, notKnown, type AnyDerivation } from '../derivation.ts'
import { toldIn } from '../path/literals.ts'
import { addressesOf, type Called } from './addresses.ts'
import { beginningOf, placeOf, startNeeds } from './beginning.ts'
import { fromOutside } from './from-outside.ts'
import { isPortOf, meantOf, type Served } from './meant-protocol.ts'
import { together } from './together.ts'
import { unreadFor } from './unread.ts'

const waits = [
  'path.dials',
  'path.registered',
  'path.port',
  'path.inbound.way',
  'path.caller-namespace',
  'every.node.allocations',
  'target.alloc.listeners',
] as const

export const walksDerivation: AnyDerivation = derivation({
  provides: 'path.walks',
  about: 'path',
  from: ['path.network'],
  maybe: [...waits, 'path.protocol', ...startNeeds, 'path.lookups.task', 'target.node.addresses'],
  waits,
  make: ({ 'path.network': network }, known, thing) => {
    const called = addressesOf(thing, known)
    const begin = beginningOf(thing, network, known)
    const way = known['path.inbound.way']
    const meant = takersOf(network, thing)
    const served = (port: number): Served => (isPortOf(known['path.port'], port) ? known['path.protocol'] : undefined)
    const walks = [
      ...(begin ? called.map((dial) => from(network, 'source', dial, begin.start, begin.src, served(dial.port))) : []),
      ...(way
        ? atTheClient(
            network,
            placeOf(network.places, 'client', thing.links['target.node']),
            way,
            served,
            toldIn(thing.names.dials),
          )
        : []),
      ...(begin
        ? []
        : fromOutside(network, thing, called).map(({ dial, start, src }) =>
            from(network, 'client', dial, start, src, served(dial.port)),
          )),
    ].map((one): PathWalk => (meant ? { ...one, meant } : one))
    if (walks.length === 0)
      return notKnown(called.length === 0 ? 'no address to walk to is known' : 'where packets start is not known')
    return walks
  },
})

/** An allocation with a namespace of its own takes its packets there, and the caller's sidecar those for the mesh. */
function takersOf({ places }: PathNetwork, { links }: Thing): readonly string[] | undefined {
  const [source, target] = [
    placeOf(places, 'alloc', links['source.alloc']),
    placeOf(places, 'alloc', links['target.alloc']),
  ]
  return target === undefined ? undefined : [target, ...(source === undefined ? [] : [source])]
}

/** The same connection as the target's client meets it, whatever became of it before. */
function atTheClient(
  network: PathNetwork,
  node: string | undefined,
  way: Way,
  served: (port: number) => Served,
  told: Pick<Called, 'proto'> | undefined,
): readonly PathWalk[] {
  if (node === undefined) return []
  const dial = {
    host: way.address,
    port: way.port,
    from: `as it comes to ${node}`,
    ...(told?.proto ? { proto: told.proto } : {}),
  }
  const arrives = way.in === '' ? {} : { arrives: way.in, ...(way.anyone ? { anyone: way.anyone } : {}) }
  const start: Start = { namespace: node, ...arrives }
  return way.sources.map((src) => from(network, 'client', dial, start, src, served(dial.port)))
}

type Asked = readonly [begins: PathWalk['begins'], dial: Called, start: Start, src: string | undefined, served: Served]
/** What was walked in a network: another address that comes to be known changes nothing about it. */
const walked = new WeakMap<PathNetwork, Map<string, PathWalk>>()

function from(network: PathNetwork, ...asked: Asked): PathWalk {
  const own = walked.get(network) ?? new Map<string, PathWalk>()
  walked.set(network, own)
  const key = JSON.stringify(asked)
  const found = own.get(key) ?? walkedAnew(network, asked)
  own.set(key, found)
  return found
}

function walkedAnew({ topology, places }: PathNetwork, [begins, dial, start, src, served]: Asked): PathWalk {
  const by = (proto: Wanted['proto']) => {
    const wanted: Wanted = {
      proto,
      ...(src === undefined || (begins === 'client' && isLoopback(dial.host) && isLoopback(src)) ? {} : { src }),
      dst: dial.host,
      dport: dial.port,
    }
    return { wanted, traces: isInside(begins, dial, start) ? [unseen(start, wanted)] : walk(topology, start, wanted) }
  }
  const proto = dial.proto ?? (served === 'unsaid' ? undefined : served)
  const { wanted, traces } = proto ? by(proto) : meantOf(topology, by('tcp'), () => by('udp'))
  const namespaces = topology.namespaces
  return {
    dial,
    begins,
    start,
    wanted,
    places,
    traces,
    outcome: together(traces),
    unread: unreadFor(namespaces, traces, wanted),
  }
}

/** What a container of docker's own sends to its loopback never comes out to where packets are first met. */
const isInside = (begins: PathWalk['begins'], { host }: Called, { arrives }: Start): boolean =>
  begins === 'source' && arrives !== undefined && isLoopback(host)

const unseen = ({ namespace }: Start, { proto, dst, dport }: Wanted): Trace => ({
  hops: [],
  chances: [],
  tuple: { proto, src: dst, dst, dport },
  verdict: {
    kind: 'unknown',
    because: `${dst} is the container's own loopback, and the inside of the container is not read`,
    where: { namespace, at: 'output', by: 'kernel' },
  },
})
