import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

const over = ['complete', 'failed', 'lost']

/** Another living allocation of the client with the same port on another address of the same host network. */
const twin = (own: AllocRecord, others: readonly AllocRecord[]) =>
  over.includes(own.clientStatus)
    ? undefined
    : own.ports
        .flatMap((port) =>
          others
            .filter(({ id, clientStatus }) => id !== own.id && !over.includes(clientStatus))
            .flatMap((other) =>
              other.ports
                .filter(
                  ({ hostPort, hostIp, hostNetwork }) =>
                    hostPort === port.hostPort && hostIp !== port.hostIp && hostNetwork === port.hostNetwork,
                )
                .map((its) => ({ port, other, its })),
            ),
        )
        .at(0)

const on = (id: string, hostIp: string, changed: Partial<AllocRecord> = {}): AllocRecord =>
  record(id, { ports: [{ label: 'http', hostIp, hostPort: 8080, to: 8080, hostNetwork: 'default' }], ...changed })

export const staticPortSpillsToSecondAddress = fault({
  id: 'static-port-spills-to-second-address',
  about: 'alloc',
  title: 'Two allocations of one client have the same static port, on two of its addresses',
  layer: 'scheduler',
  severity: 'risks',
  heard: ['bind: address already in use', 'EADDRINUSE'],
  needs: ['alloc.record', 'node.allocations'],
  holds: ({ 'alloc.record': own, 'node.allocations': others }) => {
    const found = twin(own, others)
    return found
      ? `${own.nodeName} has port ${found.port.hostPort} twice: ${found.port.hostIp} for this allocation, ${found.its.hostIp} for ${found.other.id.slice(0, 8)} (${found.other.job}/${found.other.group})`
      : false
  },
  intended: 'where each of them is called by its own address',
  byHand: 'nomad node status <node>, then nomad alloc status of each: the same port on two addresses.',
  explains: [],
  because:
    'Since Nomad 1.8.3, 1.7.11 and 1.6.14 a static port that is taken on the first address of a host network is given on the next one: a second IPv4 address, a virtual address, the IPv6 one. Software in the host namespace binds every address and collides all the same; in a bridge the rules match the port without looking at the address, so the older allocation gets all traffic; and callers of the client address reach only one of the two.',
  fix: ({ 'alloc.record': own }) => [
    {
      do: 'Keep the allocations apart: a constraint block with operator = "distinct_hosts" and value = "true" in the job, or another static port for one of them',
      on: 'job file',
      risk: 'Needs one client per allocation',
    },
    {
      do: `Or define a host_network with the one address (cidr = "${own.ports[0]?.hostIp ?? '<address>'}/32") and name it in the port block`,
      on: 'client configuration',
      risk: 'The agent restarts; bridge ports then answer on their host address only',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/25413',
    'https://github.com/hashicorp/nomad/pull/23702',
    'nomad/structs/network.go, AssignPorts',
  ],
  versions: { nomad: '>= 1.8.3 || >= 1.7.11 < 1.8.0 || >= 1.6.14 < 1.7.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a client with two addresses',
      given: {
        'alloc.record': on('a1', '10.0.0.1'),
        'node.allocations': [on('a1', '10.0.0.1'), on('a2', '10.0.0.50')],
      },
      then: 'present',
    },
    {
      name: 'the other one is over',
      given: {
        'alloc.record': on('a1', '10.0.0.1'),
        'node.allocations': [on('a1', '10.0.0.1'), on('a2', '10.0.0.50', { clientStatus: 'complete' })],
      },
      then: 'absent',
    },
    {
      name: 'it is alone',
      given: { 'alloc.record': on('a1', '10.0.0.1'), 'node.allocations': [on('a1', '10.0.0.1')] },
      then: 'absent',
    },
  ],
})
