import type { DeclaredPort } from '../../shapes/said.ts'
import type { Member } from '../../facts.ts'
import { declared } from '../../said-samples.ts'
import { clientOf, told } from '../../clients.ts'
import { isLoopback, place as spelt } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { record, way } from '../../samples.ts'

/** A service on a port of the default network, which is the loopback device on every client. */
const inward = (ports: readonly DeclaredPort[], agents: readonly Member<Readonly<Record<string, unknown>>>[]) =>
  agents.length > 0 && agents.every(({ value }) => /^lo\d*$/.test(told(clientOf(value), 'NetworkInterface')))
    ? ports.find(({ port, service }) => service !== undefined && port.hostNetwork === 'default')
    : undefined
const by = (device: string) => [{ about: 'node:c1', id: 'node:1', value: { Client: { NetworkInterface: device } } }]

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
  shows: ['path.registered'],
  holds: ({
    'path.registered': rows,
    'path.port': port,
    'target.alloc.port-ways': ways,
    'path.caller-namespace': caller,
    'path.place': where,
    'path.service': service,
  }) => {
    const row = rows.find(({ address }) => isLoopback(address))
    if (!row) return false
    // Where docker publishes on loopback, that is the fault: see dev-agent-loopback.
    if (ways.find(({ label }) => label === port.label)?.mapper === 'driver') return false
    if (caller === 'host' && where !== 'other-client' && where !== 'outside') return false
    return `${service?.name ?? 'The service'} is registered at ${spelt(row)}: every caller with another loopback than its client is sent to itself`
  },
  byHand: 'nomad service info <service> (or the Consul catalogue) shows an address in 127.0.0.0/8.',
  explains: [],
  because:
    'A service is registered with the host address of its port, and that is an address of the interface the client fingerprinted. With network_interface = "lo", an agent in -dev mode, or a host_network on loopback, this is 127.0.0.1. A caller that resolves it, on another machine or in a container, connects to its own loopback, where nothing listens. The port itself may well answer on the address of the network.',
  fix: ({ 'target.alloc.record': alloc }) => [
    {
      do: 'Set network_interface (or the cidr of the host_network) to the interface of the local network',
      on: 'client configuration',
      risk: 'The Nomad agent restarts; tasks go on',
    },
    {
      do: 'Replace the allocation, so that its ports and its registration are made anew',
      on: 'job',
      run: [
        'nomad',
        'job',
        'restart',
        '-reschedule',
        ...(alloc.namespace === 'default' ? [] : ['-namespace', alloc.namespace]),
        alloc.job,
      ],
      risk: 'The allocations are replaced one after the other',
    },
  ],
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
    needs: ['group.ports', 'every.node.agent'],
    shows: ['every.node.agent'],
    holds: ({ 'group.ports': ports, 'every.node.agent': agents }) => {
      const found = inward(ports, agents)
      return found
        ? {
            says: `Service ${found.service} is registered with the address of the loopback device: network_interface of its clients is ${told(clientOf(agents[0]?.value ?? {}), 'NetworkInterface')}`,
            at: found.port,
          }
        : false
    },
    fix: ({ 'group.ports': ports, 'every.node.agent': agents }) => [
      {
        do: `Put port "${inward(ports, agents)?.label ?? ''}" on a host network that others reach (host_network), or name another network_interface on the clients`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'network_interface = "lo"',
        given: { 'group.ports': [declared()], 'every.node.agent': by('lo') },
        then: 'present',
      },
      { name: 'eth0', given: { 'group.ports': [declared()], 'every.node.agent': by('eth0') }, then: 'absent' },
    ],
  },
})
