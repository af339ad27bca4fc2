import type { Entry, Way } from '../../knowledge/shapes/crossing.ts'
import type { AllocPort, AllocRecord } from '../../knowledge/shapes/runtime.ts'
import type { Link } from '../../knowledge/shapes/packet.ts'
import type { Thing } from '../../knowledge/things.ts'
import { contains, equal, familyOf, isLoopback } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { literals, loops, placeIn } from '../path/literals.ts'
import { linked } from '../path/place.ts'
import { doorOf, leadsTo, wayLine } from './door.ts'

/** Stands for a caller far away (RFC 5737): what a rule says about it, it says about strangers. */
const stranger = '203.0.113.77'

export const entryDerivation: AnyDerivation = derivation({
  provides: 'path.entry',
  about: 'path',
  from: [],
  maybe: ['path.place', 'path.caller-namespace'],
  make: (_, { 'path.place': place, 'path.caller-namespace': namespace }, { names }) => {
    if (names.caller === undefined) return made<Entry>('lan', 'nobody is named as the source: anybody on the network')
    if (place === undefined) return notKnown('where the source runs is not known')
    if (place === 'outside' || place === 'other-client') return made<Entry>('lan', `source and target: ${place}`)
    if (namespace === 'host') return made<Entry>('host', "the source is in the client's own namespace")
    if (namespace !== 'group')
      return notKnown(`the source's network namespace is ${namespace === 'container' ? "docker's own" : 'not known'}`)
    return made<Entry>(place === 'same-client' ? 'bridge' : 'self', `source and target: ${place}`)
  },
})

export const inboundWay: AnyDerivation = derivation({
  provides: 'path.inbound.way',
  about: 'path',
  from: [],
  maybe: [
    'path.entry',
    'path.place',
    'path.port',
    'path.discovery',
    'path.service',
    'path.dials',
    'target.alloc.record',
    'target.group.network.mode',
    'target.task.namespace',
    'target.node.links',
    'target.alloc.uplink',
    'source.alloc.record',
    'source.alloc.uplink',
    'source.node.addresses',
  ],
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
    if (!own && known['target.task.namespace'] !== 'host')
      return known['target.task.namespace']
        ? made(null, 'docker publishes the port')
        : notKnown("the target's namespace is not known")
    if (own && record.address === undefined) return notKnown('the address of the allocation is not known')
    if (!links) return notKnown("the interfaces of the target's client are not known")
    const address = dialled(thing, entry, door, known['path.dials'])
    if (address === undefined) return notKnown('the address the source uses is not known')
    if (familyOf(address) !== 4) return notKnown(`only IPv4 is simulated, not ${address}`)
    const out = own ? leadsTo(mode, known['target.alloc.uplink']) : ''
    if (out === undefined) return notKnown('the device that leads to the allocation is not known')
    const side = arrival(entry, address, links, known)
    if (typeof side === 'string') return notKnown(side)
    const inside =
      own && record.address !== undefined
        ? { address: record.address, port: door.to > 0 ? door.to : door.hostPort }
        : null
    const way: Way = { side: 'target', node: record.nodeName, mode, ...side, out, address, port: door.hostPort, inside }
    return made(way, wayLine(way))
  },
})

/** The registered address, unless the person told another one; from the client itself it is the one that is dialled. */
function dialled(
  thing: Thing,
  entry: Entry,
  door: AllocPort,
  dials: readonly { host: string; port?: number }[] | undefined,
): string | undefined {
  const told = thing.names.dials === undefined ? undefined : placeIn(thing.names.dials)?.host
  if (told) return literals(told)[0]?.host
  if (entry !== 'host') return door.hostIp
  if (!dials) return undefined
  const dial = dials.find(({ port }) => port === door.hostPort)
  return dial && loops(dial.host) ? '127.0.0.1' : door.hostIp
}

interface Seen {
  readonly 'path.place'?: string
  readonly 'source.alloc.record'?: AllocRecord
  readonly 'source.alloc.uplink'?: { readonly veth: string; readonly bridge: { readonly name: string } | null } | null
  readonly 'source.node.addresses'?: readonly string[]
}

/** By which device packets come in, and with which source address. A text says why that is not known. */
function arrival(
  entry: Entry,
  address: string,
  links: readonly Link[],
  seen: Seen,
): Pick<Way, 'in' | 'sources'> | string {
  if (entry === 'host') return { in: '', sources: [address] }
  if (entry === 'bridge') {
    const [device, source] = [seen['source.alloc.uplink']?.bridge?.name, seen['source.alloc.record']?.address]
    return device === undefined || source === undefined
      ? 'the network of the source is not known'
      : { in: device, sources: [source] }
  }
  if (isLoopback(address)) return 'a loopback address cannot be reached from elsewhere'
  const link = links.find(({ addresses }) => addresses.some((own) => equal(own.address, address)))
  const own = link?.addresses.find((one) => equal(one.address, address))
  if (!link || !own) return `no interface of the client has the address ${address}`
  if (seen['path.place'] === 'other-client' && !seen['source.node.addresses'])
    return "the addresses of the source's client are not known"
  const near = (seen['source.node.addresses'] ?? []).filter((one) => familyOf(one) === 4)
  const network = `${own.address}/${own.prefix}`
  const caller = near.find((one) => contains(network, one)) ?? near[0]
  return { in: link.name, sources: caller === undefined ? [neighbour(own.address, links), stranger] : [caller] }
}

/** Another address of the same network, which none of the client's own interfaces has. */
function neighbour(address: string, links: readonly Link[]): string {
  const taken = new Set(links.flatMap(({ addresses }) => addresses.map((one) => one.address)))
  const [head, last] = [
    address.slice(0, address.lastIndexOf('.') + 1),
    Number(address.slice(address.lastIndexOf('.') + 1)),
  ]
  const free = [1, -1, 2, -2, 3, -3].map((step) => `${head}${last + step}`).find((one) => !taken.has(one))
  return free ?? stranger
}
