import type { Way } from '../../knowledge/shapes/crossing.ts'
import { contains, equal } from '../../packet/ipaddr.ts'
import { routeTo } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { linked } from '../path/place.ts'
import { aimNeeds, destination, leadsTo, networkAt, protoOf, wayLine, whose } from './door.ts'

export const outboundWay: AnyDerivation = derivation({
  provides: 'path.outbound.way',
  about: 'path',
  from: [],
  maybe: [
    'path.protocol',
    'path.place',
    'path.caller-namespace',
    ...aimNeeds,
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
      'source.node.routes': routes4,
      'source.node.rules': rules4,
      'source.alloc.uplink': uplink,
    } = known
    if (record.address === undefined && record.clientStatus !== 'running')
      return made(null, 'the source has no network')
    if (!links || !routes4 || !rules4 || !uplink || record.address === undefined)
      return notKnown("the network of the source's client is not known")
    const device = leadsTo(mode, uplink)
    if (device === undefined) return notKnown('the source is a port of no bridge')
    const inside = [...(uplink.bridge?.addresses ?? [])].some((network) => contains(network, to.address))
    const mine = links.some(({ addresses }) => addresses.some((own) => equal(own.address, to.address)))
    if (inside || mine)
      return made(null, `${to.address} is ${inside ? "in the source's own network" : "the source's own client"}`)
    const going = { dst: to.address, src: record.address, iif: device }
    const route = routeTo({ routes4, rules4, unread: [] }, going)
    if (route === null) return made(null, `the client has no route to ${to.address}, or one that forbids it`)
    if (typeof route === 'string' || route.dev === undefined) return notKnown(`the route to ${to.address} is not known`)
    const way: Way = {
      side: 'source',
      ...whose(record),
      mode,
      in: device,
      out: route.dev,
      sources: [record.address],
      ...to,
      ...protoOf(known),
      inside: null,
      ...networkAt(uplink, record.address),
    }
    return made(way, wayLine(way))
  },
})
