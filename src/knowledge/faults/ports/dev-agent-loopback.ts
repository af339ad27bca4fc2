import { isLoopback } from '../../discovery.ts'
import { replaceJob } from '../../nomad-command.ts'
import { fault } from '../../fault.ts'
import { nodeDocument, record, way } from '../../samples.ts'

const mapped = { label: 'http', hostIp: '127.0.0.1', hostPort: 25000, to: 8080, hostNetwork: 'default' }

export const devAgentLoopback = fault({
  id: 'dev-agent-loopback',
  aliases: ['connect-dev-loopback'],
  about: 'path',
  title: 'Docker publishes the port on loopback only, because the client uses its loopback interface',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'PORTS 127.0.0.1:<port>->8080/tcp, 127.0.0.1:<port>->8080/udp',
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
  ],
  needs: [
    'target.alloc.record',
    'path.port',
    'target.alloc.port-ways',
    'path.caller-namespace',
    'path.place',
    'target.node.document',
  ],
  shows: ['path.port', 'target.alloc.port-ways'],
  holds: ({
    'path.port': port,
    'target.alloc.port-ways': ways,
    'path.caller-namespace': caller,
    'path.place': place,
    'target.node.document': node,
  }) => {
    const own = ways.find(({ label }) => label === port.label)
    if (!own || own.mapper !== 'driver' || !isLoopback(own.hostIp)) return false
    // A process of the client itself gets through: it shares the loopback that docker publishes on.
    if (caller === 'host' && (place === 'same-client' || place === 'same-alloc' || place === 'same-task')) return false
    return `Client ${node.name} offers only its loopback address, so docker publishes port ${own.label} on ${own.hostIp}:${own.hostPort}: nobody but processes of ${node.name} itself gets there`
  },
  byHand:
    'nomad node status -verbose <node>: the host network default is 127.0.0.1 on lo; ss -ltn shows docker-proxy on 127.0.0.1.',
  explains: ['loopback-address-registered'],
  because:
    'nomad agent -dev fingerprints the loopback interface, and network_interface = "lo" does the same. Every host port then has the address 127.0.0.1, docker publishes on that address, and it is also what services register. Loopback never leaves a network namespace: other machines and every container of the same machine reach their own loopback instead, and are refused.',
  fix: ({ 'target.node.document': node, 'target.alloc.record': alloc }) => [
    {
      do: `Set network_interface to the interface of the local network (or start the agent with -dev -bind=0.0.0.0 -network-interface=<interface>, or -dev-connect)`,
      on: `client configuration of ${node.name}`,
      risk: 'The Nomad agent restarts; tasks go on',
    },
    {
      do: 'Replace the allocation, so that its ports are given anew',
      on: 'job',
      run: replaceJob(alloc),
      risk: 'The allocations are replaced one after the other',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
    'https://developer.hashicorp.com/nomad/docs/faq',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'published on 127.0.0.1, called from another client',
      given: {
        'target.alloc.record': record('a1'),
        'path.port': { label: 'http', number: null, mapped },
        'target.alloc.port-ways': [way({ hostIp: '127.0.0.1', namespace: 'container', mapper: 'driver' })],
        'path.caller-namespace': 'group',
        'path.place': 'other-client',
        'target.node.document': nodeDocument(),
      },
      then: 'present',
    },
    {
      name: 'called by a process of the same client',
      given: {
        'target.alloc.record': record('a1'),
        'path.port': { label: 'http', number: null, mapped },
        'target.alloc.port-ways': [way({ hostIp: '127.0.0.1', namespace: 'container', mapper: 'driver' })],
        'path.caller-namespace': 'host',
        'path.place': 'same-client',
        'target.node.document': nodeDocument(),
      },
      then: 'absent',
    },
    {
      name: 'published on an address of the network',
      given: {
        'target.alloc.record': record('a1'),
        'path.port': { label: 'http', number: null, mapped: { ...mapped, hostIp: '10.0.0.1' } },
        'target.alloc.port-ways': [way({ namespace: 'container', mapper: 'driver' })],
        'path.caller-namespace': 'group',
        'path.place': 'other-client',
        'target.node.document': nodeDocument(),
      },
      then: 'absent',
    },
  ],
})
