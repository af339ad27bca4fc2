import type { Way } from '../../knowledge/shapes/crossing.ts'
import type { AllocPort, AllocRecord } from '../../knowledge/shapes/runtime.ts'
import type { Thing } from '../../knowledge/things.ts'
import { contains, equal, familyOf } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { literals } from '../path/literals.ts'
import { linked } from '../path/place.ts'
import { doorOf, wayLine } from './door.ts'
import { lookup } from './lookup.ts'

export const outboundWay: AnyDerivation = derivation({
  provides: 'path.outbound.way',
  about: 'path',
  from: [],
  maybe: [
    'path.place',
    'path.caller-namespace',
    'path.port',
    'path.discovery',
    'path.service',
    'target.alloc.record',
    'source.alloc.record',
    'source.alloc.uplink',
    'source.group.network.mode',
    'source.node.links',
    'source.node.routes',
    'source.node.rules',
  ],
  shows: 'source.alloc.record',
  make: (_, known, thing) => {
    if (linked(thing, 'source.alloc') === 'nobody') return made(null, 'the source is no allocation')
    const {
      'path.place': place,
      'path.caller-namespace': namespace,
      'source.alloc.record': record,
      'source.group.network.mode': mode,
    } = known
    if (namespace === undefined || !record || !mode) return notKnown('the source is not known')
    if (namespace !== 'group') return made(null, 'the source has no namespace of the group')
    const to = destination(thing, known)
    if (to === null || (place !== undefined && place !== 'other-client' && place !== 'outside'))
      return made(null, "packets do not leave the source's client")
    if (typeof to === 'string') return notKnown(to)
    if (place === undefined) return notKnown('where the target runs is not known')
    const {
      'source.node.links': links,
      'source.node.routes': routes,
      'source.node.rules': rules,
      'source.alloc.uplink': uplink,
    } = known
    if (record.address === undefined && record.clientStatus !== 'running')
      return made(null, 'the source has no network')
    if (!links || !routes || !rules || !uplink || record.address === undefined)
      return notKnown("the network of the source's client is not known")
    const device = uplink.bridge?.name ?? uplink.veth
    const inside = [...(uplink.bridge?.addresses ?? [])].some((network) => contains(network, to.address))
    const mine = links.some(({ addresses }) => addresses.some((own) => equal(own.address, to.address)))
    if (inside || mine)
      return made(null, `${to.address} is ${inside ? "in the source's own network" : "the source's own client"}`)
    const route = lookup(routes, rules, { dst: to.address, src: record.address, iif: device })
    if (route === null) return notKnown(`the client has no route to ${to.address}`)
    if (typeof route === 'string' || route.dev === undefined) return notKnown(`the route to ${to.address} is not known`)
    const way: Way = {
      side: 'source',
      node: record.nodeName,
      mode,
      in: device,
      out: route.dev,
      sources: [record.address],
      ...to,
      inside: null,
    }
    return made(way, wayLine(way))
  },
})

interface Aim {
  readonly 'path.port'?: { readonly mapped: AllocPort | null }
  readonly 'path.discovery'?: string
  readonly 'path.service'?: { readonly name: string } | null
  readonly 'target.alloc.record'?: AllocRecord
}

/** Where the source's packets go; null: nowhere. A text says why that is not known. */
function destination(thing: Thing, known: Aim): { readonly address: string; readonly port: number } | null | string {
  if (linked(thing, 'target.alloc') === 'nobody') {
    const [place] = thing.names.address === undefined ? [] : literals(thing.names.address)
    const port = place?.port ?? Number(thing.names.port)
    if (thing.names.address === undefined) return null
    return place && familyOf(place.host) === 4 && Number.isInteger(port)
      ? { address: place.host, port }
      : `the address of ${thing.names.address} is not known`
  }
  const { 'path.port': port, 'target.alloc.record': record } = known
  if (!port || !record) return "the target's port is not known"
  const door = doorOf(record, port.mapped, known['path.discovery'], known['path.service']?.name)
  if (!door) return null
  return familyOf(door.hostIp) === 4
    ? { address: door.hostIp, port: door.hostPort }
    : `only IPv4 is simulated, not ${door.hostIp}`
}
