import type { ServiceSpec } from '../../knowledge/shapes/job.ts'
import { derivation, made, type AnyDerivation } from '../derivation.ts'
import { shownByUdp } from '../ports/shown.ts'
import { udpAlone } from '../walk/meant-protocol.ts'
import { toldIn } from './literals.ts'

/** Kinds of check that make a TCP connection. Source: nomad/structs/services.go */
const byTcp = ['tcp', 'http', 'grpc']

const needs = [
  'path.service',
  'path.port',
  'target.alloc.listeners',
  'target.alloc.record',
  'target.alloc.netns.listeners',
  'target.node.listeners',
] as const

/**
 * The one place where it is decided how a path is called: as the person says; by TCP where a check of the service does so;
 * by UDP where the sockets behind its port are UDP alone. A port of Nomad has no protocol.
 */
export const protocolDerivation: AnyDerivation = derivation({
  provides: 'path.protocol',
  about: 'path',
  from: [],
  maybe: needs,
  // The last three are what the others are made from: before they were asked for, what is said of these may change.
  waits: needs,
  shows: ['target.alloc.listeners', 'path.service'],
  make: (_, { 'path.service': service, 'path.port': port, 'target.alloc.listeners': listeners }, { names }) => {
    const told = toldIn(names.dials)?.proto
    if (told) return made(told, `dials ${names.dials ?? ''}`)
    const check = service?.checks.find((one) => isOfPort(one, service) && byTcp.includes(one.type))
    if (check) return made('tcp', `check { type = "${check.type}" }`, 'path.service')
    const inside = port && listeners ? udpAlone(port, listeners) : null
    return inside === null
      ? made('unsaid', 'nobody says the protocol, and the sockets do not show UDP alone')
      : shownByUdp(made('udp', `only UDP sockets are at port ${inside}`))
  },
})

const isOfPort = ({ port }: ServiceSpec['checks'][number], service: ServiceSpec): boolean =>
  port === '' || port === service.port
