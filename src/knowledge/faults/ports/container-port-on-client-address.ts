import { fault } from '../../fault.ts'
import { dialledBy } from '../../origin-of.ts'
import type { Dial } from '../../facts/path.ts'
import type { Listener } from '../../shapes/packet.ts'
import type { PortWay } from '../../shapes/port.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
import { record, way } from '../../samples.ts'
import { staticPort } from '../../port-ranges.ts'

/** An address of the target's client dialled with the number a port has inside, where nothing on the client has that number. */
function mistaken(
  dials: readonly Dial[],
  ways: readonly PortWay[],
  label: string | null,
  client: {
    readonly addresses: readonly string[]
    readonly allocations: readonly AllocRecord[]
    readonly listeners: readonly Listener[]
  },
): { dial: Dial; own: PortWay } | undefined {
  const own = ways.find((one) => one.label === label && one.mapper !== 'nobody')
  if (own === undefined || own.inside === own.hostPort) return undefined
  const taken =
    client.allocations.some(({ ports }) => ports.some(({ hostPort }) => hostPort === own.inside)) ||
    client.listeners.some(({ port }) => port === own.inside)
  const dial = dials.find(({ host, port }) => port === own.inside && client.addresses.includes(host))
  return dial && !taken ? { dial, own } : undefined
}

const given = (host: string, port: number) => ({
  'path.dials': [{ host, port, from: 'env API_ADDR of task web' }],
  'path.port': { label: 'http', number: null, mapped: null },
  'target.alloc.port-ways': [way()],
  'target.alloc.record': record('a1'),
  'target.node.addresses': ['10.0.0.1'],
  'target.node.allocations': [record('a1')],
  'target.node.listeners': [],
})

export const containerPortOnClientAddress = fault({
  id: 'container-port-on-client-address',
  about: 'path',
  title: "The caller uses the client's address with the port inside the allocation",
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'curl: (7) Failed to connect to <address> port <port>: Connection refused',
  ],
  needs: [
    'path.dials',
    'path.port',
    'target.alloc.port-ways',
    'target.alloc.record',
    'target.node.addresses',
    'target.node.allocations',
    'target.node.listeners',
  ],
  shows: ['path.dials', 'target.alloc.record', 'target.node.listeners'],
  holds: ({
    'path.dials': dials,
    'path.port': { label },
    'target.alloc.port-ways': ways,
    'target.alloc.record': { nodeName },
    'target.node.addresses': addresses,
    'target.node.allocations': allocations,
    'target.node.listeners': listeners,
  }) => {
    const found = mistaken(dials, ways, label, { addresses, allocations, listeners })
    if (!found) return false
    const { dial, own } = found
    return `${dialledBy(dial)} ${dial.host}:${dial.port}, but ${dial.port} is the number of port ${own.label} inside the allocation; on ${nodeName} it is ${own.hostPort}, and nothing there has ${dial.port}`
  },
  byHand:
    'nomad alloc status prints the address and host port of every label, with the number inside after an arrow; the caller has to use the first pair. ss -ltn on the client shows nothing on the number inside.',
  explains: ['dialled-port-astray'],
  because:
    'With a bridge or a CNI network, to names the port inside the network namespace of the allocation, and only there. On the client the port is the host port: chosen by the scheduler, or the value of static. The address of the client together with the number inside names a port that nobody maps.',
  fix: ({ 'target.alloc.record': live, 'path.port': { label }, 'target.alloc.port-ways': ways }) => {
    const inside = ways.find((one) => one.label === label)?.inside
    return [
      {
        do: `Let the caller take address and port of ${live.job} from its service (a nomadService or service template), which follow every new allocation`,
        on: 'job file of the caller',
        risk: 'The allocation of the caller is replaced',
      },
      {
        do: `Or set ${staticPort(inside, `port "${label ?? '<label>'}"`)}, so that callers on the client's address reach it`,
        on: 'job file',
        risk: 'The allocation is replaced; one allocation per client, and the port has to be free there',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#mapped-ports',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#static',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the number inside on the client', given: given('10.0.0.1', 8080), then: 'present' },
    { name: 'the host port', given: given('10.0.0.1', 25000), then: 'absent' },
    { name: "the allocation's own address", given: given('172.26.64.2', 8080), then: 'absent' },
    {
      name: 'another allocation of the client has that host port',
      given: {
        ...given('10.0.0.1', 8080),
        'target.node.allocations': [
          record('a1'),
          record('a2', {
            ports: [{ label: 'web', hostIp: '10.0.0.1', hostPort: 8080, to: 80, hostNetwork: 'default' }],
          }),
        ],
      },
      then: 'absent',
    },
    {
      name: 'a process of the client listens there',
      given: {
        ...given('10.0.0.1', 8080),
        'target.node.listeners': [{ proto: 'tcp', address: '0.0.0.0', port: 8080, processes: [] }],
      },
      then: 'absent',
    },
    {
      name: 'outside and inside have the same number',
      given: { ...given('10.0.0.1', 8080), 'target.alloc.port-ways': [way({ hostPort: 8080, dynamic: false })] },
      then: 'absent',
    },
  ],
})
