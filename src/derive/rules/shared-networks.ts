import type { Claim, Shadow } from '../../knowledge/shapes/crossing.ts'
import type { Thing } from '../../knowledge/things.ts'
import type { Route } from '../../knowledge/shapes/packet.ts'
import { contains } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, notNamed, type AnyDerivation, type Maybe } from '../derivation.ts'
import { linked } from '../path/place.ts'
import { aimNeeds, destination, type Aim } from './door.ts'
import { routeLine } from './routes.ts'

/** The address for whose network the kernel made the route by itself, with its prefix. */
const addressBehind = ({ protocol, prefsrc, prefix }: Route): string | null =>
  protocol === 'kernel' && prefsrc !== undefined ? `${prefsrc}/${prefix}` : null

type Known = Aim & Maybe<'path.place' | 'path.caller-namespace' | 'source.alloc.uplink' | 'source.node.links'>

/** Networks on the way that share addresses with that of an allocation's bridge. */
export const sharedNetworks: readonly AnyDerivation[] = [
  derivation({
    provides: 'alloc.claim',
    about: 'alloc',
    from: ['alloc.status', 'alloc.namespace-kind'],
    maybe: ['alloc.host-route', 'alloc.uplink', 'alloc.record', 'alloc.docker-claims'],
    shows: ['alloc.host-route', 'alloc.uplink', 'alloc.record'],
    make: ({ 'alloc.status': status, 'alloc.namespace-kind': kind }, known) => {
      if (status !== 'running' || kind !== 'own') return made(null, 'no bridge leads to the allocation')
      const { 'alloc.host-route': route, 'alloc.uplink': link, 'alloc.record': record } = known
      const { 'alloc.docker-claims': docker } = known
      if (route === undefined || link === undefined || !record || docker === undefined)
        return notKnown('the route to the allocation and its bridge are not both known')
      const bridge = link?.bridge
      // A bridge that is down or without address has no route of its own: then the default route shows, and that is another fault.
      const past =
        route && route.dst !== 'default' && bridge?.up && bridge.addresses.length > 0 && route.dev !== bridge.name
      // Of docker's networks subnet-overlap-docker speaks.
      if (!past || !link || docker !== null) return made(null, `route: ${route ? routeLine(route) : 'none'}`)
      const { node } = link
      const { name, addresses: networks } = bridge
      const own = addressBehind(route)
      return made<Claim | null>(
        { node, address: record.address ?? '', bridge: name, networks, route, own },
        `route to ${record.address ?? '?'}: ${routeLine(route)}`,
      )
    },
  }),
  derivation({
    provides: 'path.shadowed',
    about: 'path',
    from: [],
    maybe: [
      'path.place',
      'path.caller-namespace',
      ...aimNeeds,
      'source.alloc.uplink',
      'source.node.links',
      'source.alloc.claim',
      'target.alloc.claim',
    ],
    shows: ['source.node.links', 'target.alloc.claim', 'source.alloc.claim'],
    make: (_, known, thing) => {
      const shade = shaded(thing, known)
      if (typeof shade === 'object' && 'value' in shade && shade.value)
        return made<Shadow | Claim | null>(shade.value, shade.excerpt)
      const sides = (['target', 'source'] as const).filter((side) => linked(thing, `${side}.alloc`) !== 'nobody')
      for (const side of sides) {
        const claim = known[`${side}.alloc.claim`]
        if (claim?.own)
          return made<Shadow | Claim | null>(
            claim,
            `route to ${claim.address}: ${routeLine(claim.route)}`,
            `${side}.alloc.claim`,
          )
      }
      if (typeof shade === 'string') return notKnown(shade)
      if (!('value' in shade)) return shade
      const open = sides.find((side) => known[`${side}.alloc.claim`] === undefined)
      return open === undefined
        ? made<Shadow | Claim | null>(null, shade.excerpt)
        : notKnown(`how the ${open}'s client sends packets for it is not known`)
    },
  }),
]

type Shade = { readonly value: Shadow | null; readonly excerpt: string } | string | typeof notNamed

/** Whether the source takes the target's address for a neighbour on its own bridge. A text says why that is not known. */
function shaded(thing: Thing, known: Known): Shade {
  if (thing.names.caller === undefined) return notNamed
  if (linked(thing, 'source.alloc') === 'nobody') return { value: null, excerpt: 'the source is no allocation' }
  const { 'path.place': place, 'path.caller-namespace': namespace } = known
  const { 'source.alloc.uplink': uplink, 'source.node.links': links } = known
  if (namespace === undefined || place === undefined) return 'where the source runs is not known'
  if (namespace !== 'group' || (place !== 'other-client' && place !== 'outside'))
    return { value: null, excerpt: "packets do not leave the source's client" }
  const to = destination(thing, known)
  if (to === null) return { value: null, excerpt: 'there is no address to call' }
  if (typeof to === 'string') return to
  if (uplink === undefined || !links) return "the network of the source's client is not known"
  const bridge = uplink?.bridge
  const network = bridge?.addresses.find((one) => contains(one, to.address))
  if (!uplink || !bridge || network === undefined)
    return { value: null, excerpt: `${to.address} is outside of the source's own network` }
  const nic = links.find(
    ({ name, addresses }) => name !== bridge.name && addresses.some(({ address }) => contains(network, address)),
  )
  const { node } = uplink
  return {
    value: { node, address: to.address, bridge: bridge.name, network, nic: nic?.name ?? null },
    excerpt: `${bridge.name}: ${network}${nic ? `\n${nic.name}: ${nic.addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(' ')}` : ''}`,
  }
}
