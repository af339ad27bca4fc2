import { edits, unset } from '../../edit.ts'
import type { ServiceSpec } from '../../shapes/job.ts'
import { declared } from '../../said-samples.ts'
import { isLoopback, place as spelt } from '../../discovery.ts'
import { replaceJob } from '../../nomad-command.ts'
import { fault, type FixStep } from '../../fault.ts'
import { record, service, way } from '../../samples.ts'

/** Where the service block says the address itself, no client gave it. */
const own = (service: ServiceSpec | null): ServiceSpec | undefined =>
  service && isLoopback(service.address.trim()) ? service : undefined
const withoutAddress = (name: string): FixStep => ({
  do: `Take address out of service ${name}: Nomad then registers the address of the client that its port was given`,
  on: 'job file',
  risk: 'The registration is made anew; tasks go on',
})

export const loopbackAddressRegistered = fault({
  id: 'loopback-address-registered',
  about: 'path',
  title: 'The service is registered with a loopback address',
  layer: 'name',
  severity: 'breaks',
  heard: ['dial tcp 127.0.0.1:<port>: connect: connection refused'],
  onlyWhen: {
    'path.discovery': [
      'nomad-template',
      'consul-template',
      'consul-dns',
      'mesh-upstream',
      'transparent-proxy',
      'load-balancer',
    ],
  },
  needs: [
    'target.alloc.record',
    'path.registered',
    'path.port',
    'target.alloc.port-ways',
    'path.caller-namespace',
    'path.place',
    'path.service',
  ],
  shows: ['path.registered', 'path.service'],
  holds: ({
    'path.registered': rows,
    'path.port': port,
    'target.alloc.port-ways': ways,
    'path.caller-namespace': caller,
    'path.place': where,
    'path.service': asked,
  }) => {
    const row = rows.find(({ address }) => isLoopback(address))
    if (!row) return false
    const said = own(asked)
    // Where docker publishes on loopback, that is the fault: see dev-agent-loopback.
    if (!said && ways.find(({ label }) => label === port.label)?.mapper === 'driver') return false
    if (caller === 'host' && where !== 'other-client' && where !== 'outside') return false
    const sent = 'every caller with another loopback than its client is sent to itself'
    return said
      ? {
          says: `${said.name} is registered at ${spelt(row)}, because its service block says address = "${said.address}": ${sent}`,
          at: [said, 'address'],
        }
      : `${asked?.name ?? 'The service'} is registered at ${spelt(row)}: ${sent}`
  },
  byHand: 'nomad service info <service> (or the Consul catalogue) shows an address in 127.0.0.0/8.',
  intended: 'where everything that asks for it is a process of the same client',
  explains: [],
  because:
    'A service is registered with the address its block says, and without one with the host address of its port, which is an address of the interface the client fingerprinted. With address = "127.0.0.1" in the service, network_interface = "lo", an agent in -dev mode, or a host_network on loopback, this is 127.0.0.1. A caller that resolves it, on another machine or in a container, connects to its own loopback, where nothing listens. The port itself may well answer on the address of the network.',
  fix: ({ 'target.alloc.record': alloc, 'path.service': asked }) => {
    const said = own(asked)
    if (said) return [withoutAddress(said.name)]
    return [
      {
        do: 'Set network_interface (or the cidr of the host_network) to the interface of the local network',
        on: 'client configuration',
        risk: 'The Nomad agent restarts; tasks go on',
      },
      {
        do: 'Replace the allocation, so that its ports and its registration are made anew',
        on: 'job',
        run: replaceJob(alloc),
        risk: 'The allocations are replaced one after the other',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
    'https://github.com/hashicorp/nomad/issues/5498',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'registered at 127.0.0.1, called from another client',
      given: {
        'target.alloc.record': record('a1'),
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '127.0.0.1', port: 25000 }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way({ hostIp: '127.0.0.1' })],
        'path.caller-namespace': 'group',
        'path.place': 'other-client',
        'path.service': null,
      },
      then: 'present',
    },
    {
      name: 'the service block says it itself, and docker publishes the port',
      given: {
        'target.alloc.record': record('a1'),
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '127.0.0.1', port: 25000 }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way({ mapper: 'driver' })],
        'path.caller-namespace': 'group',
        'path.place': 'other-client',
        'path.service': service({ address: '127.0.0.1' }),
      },
      then: 'present',
    },
    {
      name: 'registered at an address of the network',
      given: {
        'target.alloc.record': record('a1'),
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '10.0.0.1', port: 25000 }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way()],
        'path.caller-namespace': 'group',
        'path.place': 'other-client',
        'path.service': null,
      },
      then: 'absent',
    },
    {
      name: 'called by a process of the same client, which shares that loopback',
      given: {
        'target.alloc.record': record('a1'),
        'path.discovery': 'nomad-template',
        'path.registered': [{ address: '127.0.0.1', port: 25000 }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way({ hostIp: '127.0.0.1' })],
        'path.caller-namespace': 'host',
        'path.place': 'same-client',
        'path.service': null,
      },
      then: 'absent',
    },
    {
      name: 'the source does not ask the catalogue',
      given: {
        'target.alloc.record': record('a1'),
        'path.discovery': 'fixed-address',
        'path.registered': [{ address: '127.0.0.1', port: 25000 }],
        'path.port': { label: 'http', number: null, mapped: null },
        'target.alloc.port-ways': [way()],
        'path.caller-namespace': 'group',
        'path.place': 'other-client',
        'path.service': null,
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.loopback-service'],
    holds: ({ 'group.loopback-service': found }) => {
      if (!found) return false
      if ('service' in found)
        return {
          says: `Service ${found.name} is registered with address = "${found.service.address}": every caller with another loopback than its client is sent to itself`,
          at: [found.service, 'address'],
          severity: 'risks',
        }
      return {
        says: `Service ${found.name} is registered with the address of the loopback device: network_interface of its clients is ${found.device}`,
        at: found.port.port,
      }
    },
    fix: ({ 'group.loopback-service': found }) => [
      found && 'service' in found
        ? {
            ...withoutAddress(found.name),
            ...edits([unset(found.service, 'address')], 'the service is not written out'),
          }
        : {
            do: `Put port "${found?.port.label ?? ''}" on a host network that others reach (host_network), or name another network_interface on the clients`,
            on: 'job file',
            risk: 'The allocation is replaced',
          },
    ],
    meets: ({ 'path.service': asked, 'path.port': port }, { 'group.loopback-service': found }) =>
      found !== null &&
      ('service' in found ? found.name === own(asked)?.name : !own(asked) && found.port.label === port.label),
    examples: [
      {
        name: 'network_interface = "lo"',
        given: { 'group.loopback-service': { name: 'orders', port: declared(), device: 'lo' } },
        then: 'present',
      },
      {
        name: 'address = "127.0.0.1"',
        given: { 'group.loopback-service': { name: 'orders', service: service({ address: '127.0.0.1' }) } },
        then: 'present',
      },
      { name: 'neither', given: { 'group.loopback-service': null }, then: 'absent' },
    ],
  },
})
