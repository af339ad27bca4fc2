import type { Shadow } from '../../knowledge/shapes/crossing.ts'
import type { Route } from '../../knowledge/shapes/packet.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import { contains } from '../../packet/ipaddr.ts'
import { routeTo } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { linked } from '../path/place.ts'
import { destination } from './door.ts'

/** A route for a reader. */
export const routeLine = ({ dst, gateway, dev, table }: Route): string =>
  `${dst}${gateway === undefined ? '' : ` via ${gateway}`} dev ${dev ?? '?'} table ${table}`

/** Names of devices that docker makes. */
const ofDocker = /^(?:docker|br-)/

export const routeDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'alloc.host-route',
    about: 'alloc',
    from: ['alloc.record', 'node.routes', 'node.rules'],
    shows: 'node.routes',
    make: ({ 'alloc.record': { address }, 'node.routes': routes4, 'node.rules': rules4 }) => {
      if (address === undefined) return notKnown('the allocation has no address')
      const route = routeTo({ routes4, rules4, unread: [] }, { dst: address })
      if (typeof route === 'string') return notKnown(route)
      return made(route, `route to ${address}: ${route ? routeLine(route) : 'none'}`)
    },
  }),
  derivation({
    provides: 'alloc.docker-claims',
    about: 'alloc',
    from: ['alloc.host-route'],
    maybe: ['node.docker.networks', 'node.docker.overlap'],
    waits: ['node.docker.networks', 'node.docker.overlap'],
    shows: ['node.docker.networks', 'alloc.host-route'],
    make: ({ 'alloc.host-route': route }, { 'node.docker.networks': networks, 'node.docker.overlap': overlap }) => {
      const device = route?.dev
      const own = device === undefined ? undefined : networks?.find(({ bridge }) => bridge === device)
      if (device !== undefined && !networks && ofDocker.test(device))
        return notKnown(`whether ${device} is of a docker network is not known`)
      if (own && overlap === undefined) return notKnown('whether docker and the bridge share a subnet is not known')
      return made<string | null>(
        overlap && own ? own.name : null,
        own
          ? `${own.bridge} is the bridge of docker network ${own.name}`
          : `${device ?? 'no device'} is of no docker network`,
      )
    },
  }),
  derivation({
    provides: 'path.shadowed',
    about: 'path',
    from: [],
    maybe: [
      'path.place',
      'path.lookups.task',
      'path.caller-namespace',
      'path.port',
      'path.discovery',
      'path.service',
      'target.alloc.record',
      'source.alloc.uplink',
      'source.node.links',
    ],
    shows: 'source.node.links',
    make: (_, known, thing) => {
      if (linked(thing, 'source.alloc') === 'nobody') return made(null, 'the source is no allocation')
      const {
        'path.place': place,
        'path.caller-namespace': namespace,
        'source.alloc.uplink': uplink,
        'source.node.links': links,
      } = known
      if (namespace === undefined || place === undefined) return notKnown('where the source runs is not known')
      if (namespace !== 'group' || (place !== 'other-client' && place !== 'outside'))
        return made(null, "packets do not leave the source's client")
      const to = destination(thing, known)
      if (to === null) return made(null, 'there is no address to call')
      if (typeof to === 'string') return notKnown(to)
      if (uplink === undefined || !links) return notKnown("the network of the source's client is not known")
      const bridge = uplink?.bridge
      const network = bridge?.addresses.find((one) => contains(one, to.address))
      if (!uplink || !bridge || network === undefined)
        return made(null, `${to.address} is outside of the source's own network`)
      const nic = links.find(
        ({ name, addresses }) => name !== bridge.name && addresses.some(({ address }) => contains(network, address)),
      )
      const shadow: Shadow = {
        node: uplink.node,
        address: to.address,
        bridge: bridge.name,
        network,
        nic: nic?.name ?? null,
      }
      return made<Shadow | null>(
        shadow,
        `${bridge.name}: ${network}${nic ? `\n${nic.name}: ${nic.addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(' ')}` : ''}`,
      )
    },
  }),
  derivation({
    provides: 'path.ends',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['path.attempts'],
    shows: 'path.attempts',
    make: ({ 'path.inbound.way': way }, { 'path.attempts': attempts }) => {
      if (!way) return made(null, 'no host port stands for the port asked about')
      if (!attempts) return notKnown('no connection was tried')
      const here = attempts.filter(
        ({ host, port, outcome }) => host === way.address && port === way.port && !unsure.includes(outcome),
      )
      const best = (from: readonly Attempt['from'][]) => {
        const own = here.filter((one) => from.includes(one.from))
        return own.find(({ outcome }) => stood.includes(outcome)) ?? own[0]
      }
      const [remote, local, other] = [
        best(['source', 'source-node']),
        best(['target-node']),
        best(['other-node', 'outside']),
      ]
      const through = remote !== undefined && stood.includes(remote.outcome)
      if (!remote || (!local && !through))
        return notKnown(`no connection was tried from the ${remote ? "target's" : "source's"} client`, 'not-asked')
      const shown = here.map(({ place, host, port, outcome }) => `${place} to ${host}:${port}: ${outcome}`)
      return made(
        { remote, local: local ?? null, others: other !== undefined && stood.includes(other.outcome) },
        shown.join('\n'),
      )
    },
  }),
]

const unsure: readonly Attempt['outcome'][] = ['unclear', 'sometimes']
/** Outcomes of a connection that stood, whatever became of it. */
const stood: readonly Attempt['outcome'][] = ['answered', 'connected', 'stalled', 'empty', 'reset']
