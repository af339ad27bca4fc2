import type { Route } from '../../knowledge/shapes/packet.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import { routeTo } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

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
    provides: 'path.ends',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['path.attempts', 'path.protocol', 'path.flows'],
    shows: ['path.attempts', 'path.flows'],
    make: (
      { 'path.inbound.way': way },
      { 'path.attempts': attempts, 'path.protocol': protocol, 'path.flows': flows },
    ) => {
      if (!way) return made(null, 'no host port stands for the port asked about')
      const [flow] = flows ?? []
      if (flow)
        return made(
          { remote: flow, local: null, others: false },
          `${flow.place} to ${flow.host}:${flow.port} by UDP: answered`,
          'path.flows',
        )
      if (protocol === 'udp') return notKnown('UDP tells nobody that it arrived, and no answer to the source was seen')
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
      if (!remote || (!local && !through)) {
        const from = `from the ${remote ? "target's" : "source's"} client`
        const tried = attempts.some(
          (one) =>
            one.host === way.address && one.port === way.port && (one.from === 'target-node') === Boolean(remote),
        )
        // Of two attempts one stood, or each met something else.
        if (tried) return notKnown(`what was tried ${from} met now this, now that`)
        return notKnown(`no connection was tried ${from}`, 'not-asked')
      }
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
