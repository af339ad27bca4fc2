import type { Entry, Uplink, Way } from '../../knowledge/shapes/crossing.ts'
import type { AllocPort, AllocRecord, Container } from '../../knowledge/shapes/runtime.ts'
import type { PathNetwork } from '../../knowledge/shapes/walk.ts'
import type { Thing } from '../../knowledge/things.ts'
import { familyOf } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { isAddress, literals, loops, toldIn } from '../path/literals.ts'
import { linked } from '../path/place.ts'
import { beginningOf, placeOf } from '../walk/beginning.ts'
import { enteredBy } from '../walk/entered.ts'
import { arrival, doors, type Arrival } from './arrival.ts'
import { dockerPlace, publishedPort, type DockerNetworks } from './docker.ts'
import { doorOf, leadsTo, networkAt, protoOf, wayLine, whose } from './door.ts'

const needs = [
  'path.entry',
  'path.place',
  'path.port',
  'path.protocol',
  'path.discovery',
  'path.service',
  'path.dials',
  'target.alloc.record',
  'target.group.network.mode',
  'target.task.namespace',
  'target.node.links',
  'target.alloc.uplink',
  'target.alloc.containers',
  'target.alloc.docker.networks',
  'path.caller-namespace',
  'source.alloc.containers',
  'source.alloc.docker.networks',
  'source.alloc.record',
  'source.alloc.uplink',
  'source.node.addresses',
] as const

export const inboundWay: AnyDerivation = derivation({
  provides: 'path.inbound.way',
  about: 'path',
  from: [],
  maybe: [...needs, 'path.network'],
  shows: 'target.alloc.record',
  make: (_, known, thing) => {
    if (linked(thing, 'target.alloc') === 'nobody') return made(null, 'the target is no running allocation')
    const {
      'path.entry': entry,
      'target.alloc.record': record,
      'target.group.network.mode': mode,
      'path.port': port,
      'target.node.links': links,
    } = known
    if (!entry || !record || !mode || !port)
      return notKnown("the target's allocation or how callers come to it is not known")
    if (entry === 'self') return made(null, 'source and target share a network namespace')
    const own = mode === 'bridge' || mode === 'cni'
    if (mode === 'none' || (own && record.address === undefined && record.clientStatus !== 'running'))
      return made(null, 'the allocation has no network')
    const door = doorOf(record, port.mapped, known['path.discovery'], known['path.service']?.name)
    if (!door) return made(null, 'no host port stands for the port asked about')
    const namespace = known['target.task.namespace']
    if (!own && namespace === undefined) return notKnown("the target's namespace is not known")
    // For calls from the client itself docker has a process of its own that listens and passes on.
    if (!own && namespace !== 'host' && (namespace !== 'container' || entry === 'host'))
      return made(null, 'the port is not translated by rules alone')
    if (!links) return notKnown("the interfaces of the target's client are not known")
    const address = dialled(thing, entry, door, known['path.dials'])
    if (address === undefined) return notKnown('the address the source uses is not known')
    if (familyOf(address) !== 4) return notKnown(`only IPv4 is simulated, not ${address}`)
    const beyond = own
      ? portmapped(mode, record, door, known['target.alloc.uplink'])
      : namespace === 'host'
        ? { out: '', inside: null }
        : behindDocker(thing, door, known)
    if (typeof beyond === 'string') return notKnown(beyond)
    const side = arrival(thing.names, entry, address, links, known)
    if (typeof side === 'string') return notKnown(side)
    const call = { dst: address, dport: door.hostPort }
    const several = entry === 'lan' && known['path.place'] === 'other-client' && doors(links).length > 1
    const followed = several ? asFollowed(side, call, known, thing) : side
    if (!followed) return notKnown('by which of its interfaces the packets come in to the client is not known')
    const way: Way = {
      side: 'target',
      ...whose(record),
      mode,
      ...followed,
      ...beyond,
      address,
      port: door.hostPort,
      ...protoOf(known),
    }
    return made(way, wayLine(way), undefined, several ? undefined : needs)
  },
})

/** Any interface may answer for any address of its client: the device is the one that the walk comes in by. */
function asFollowed(
  side: Arrival,
  call: { readonly dst: string; readonly dport: number },
  known: { readonly 'path.network'?: PathNetwork } & Parameters<typeof beginningOf>[2],
  thing: Thing,
): Arrival | undefined {
  const network = known['path.network']
  const begin = network && beginningOf(thing, network, known)
  const place = network && placeOf(network.places, 'client', thing.links['target.node'])
  if (!network || !begin || place === undefined) return undefined
  const device = enteredBy(network, place, { ...begin, ...call })
  if (device === undefined) return side
  const { also: _, ...rest } = side
  return { ...rest, in: device }
}

/** The registered address, unless the person told another one; from the client itself it is the one that is dialled. */
function dialled(
  thing: Thing,
  entry: Entry,
  door: AllocPort,
  dials: readonly { host: string; port?: number }[] | undefined,
): string | undefined {
  const told = toldIn(thing.names.dials)?.host
  if (told) return isAddress(told) ? told : literals(told)[0]?.host
  if (entry !== 'host') return door.hostIp
  if (!dials) return undefined
  const dial = dials.find(({ port }) => port === door.hostPort)
  return dial && loops(dial.host) ? '127.0.0.1' : door.hostIp
}

type Beyond = Pick<Way, 'out' | 'inside' | 'network'>

/** Behind the bridge of Nomad or of a CNI network: the allocation's own address. */
function portmapped(
  mode: Way['mode'],
  { address }: AllocRecord,
  { to, hostPort }: AllocPort,
  uplink: Uplink | null | undefined,
): Beyond | string {
  const out = leadsTo(mode, uplink)
  if (address === undefined) return 'the address of the allocation is not known'
  return out === undefined
    ? 'the device that leads to the allocation is not known'
    : { out, inside: { address, port: to > 0 ? to : hostPort }, ...networkAt(uplink, address) }
}

interface Docker {
  readonly 'target.alloc.containers'?: readonly Container[]
  readonly 'target.alloc.docker.networks'?: DockerNetworks
}

/** Behind a bridge of docker's own: the address of the container. */
function behindDocker({ links }: Thing, { hostPort }: AllocPort, known: Docker): Beyond | string {
  const task = links['target.task']?.split('/').at(-1)
  const place = dockerPlace(task, known['target.alloc.containers'], known['target.alloc.docker.networks'])
  if (typeof place === 'string') return place
  const port = publishedPort(place.container, hostPort)
  return port === undefined
    ? `docker does not publish ${hostPort}`
    : { out: place.device, inside: { address: place.address, port } }
}
