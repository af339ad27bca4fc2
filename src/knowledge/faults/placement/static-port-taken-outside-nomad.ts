import { portOfAgent } from '../../clients.ts'
import { fault } from '../../fault.ts'
import { group, record } from '../../samples.ts'
import type { Listener } from '../../shapes/packet.ts'
import type { AllocRecord, BindError } from '../../shapes/runtime.ts'

const wide = ['0.0.0.0', '::', '*', '[::]']

/** The host port that could not be bound: the one the text names, or the only one there is. */
function portOf(error: BindError | null, { ports }: AllocRecord) {
  if (error?.kind !== 'in-use') return undefined
  const named = ports.find(({ hostPort }) => hostPort === error.port)
  return named ?? (error.port === undefined && ports.length === 1 ? ports[0] : undefined)
}

/** Who listens there. Docker's proxy counts only when docker was to publish the port: else it may be the task's own. */
const holders = (listeners: readonly Listener[], hostIp: string, port: number, publishing: boolean) =>
  listeners.filter(
    (one) =>
      one.port === port &&
      (one.address === hostIp || wide.includes(one.address)) &&
      (publishing || !one.processes.some(({ name }) => name === 'docker-proxy')),
  )

const publishing = ({ text }: BindError) =>
  /Failed to start container|driver failed programming|port is already allocated|userland proxy/i.test(text)

const living = ({ clientStatus }: AllocRecord) =>
  clientStatus === 'running' || clientStatus === 'pending' || clientStatus === 'unknown'

const who = ({ processes }: Listener) =>
  processes.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ') || 'a process that is not shown'

const dashboard = group({ network: { mode: '', ports: [{ label: 'http', static: 4646, hostNetwork: 'default' }] } })
const http = (port: string) => [{ about: 'node:c1', id: 'node:1', value: { Ports: { HTTP: port } } }]

export const staticPortTakenOutsideNomad = fault({
  id: 'static-port-taken-outside-nomad',
  about: 'alloc',
  title: 'A process outside Nomad holds the port that the allocation was given',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'Bind for <address>:<port> failed: port is already allocated',
    'listen tcp4 <address>:<port>: bind: address already in use',
    'Error starting userland proxy: listen tcp4 <address>:<port>: bind: address already in use',
    'failed to bind host port for <address>:<port>:<address>:<port>/tcp: address already in use',
    'driver failed programming external connectivity on endpoint <task>-<alloc>',
    'bind: address already in use',
    'driver failed programming external connectivity on endpoint <task>-<alloc> (<id>): Bind for <address>:<port> failed: port is already allocated',
  ],
  onlyWhen: { 'alloc.namespace-kind': ['host'], 'alloc.start': ['no-bind'] },
  needs: ['alloc.bind-error', 'alloc.record', 'node.listeners', 'node.allocations'],
  shows: ['alloc.bind-error', 'node.listeners'],
  holds: ({
    'alloc.bind-error': error,
    'alloc.record': record,
    'node.listeners': listeners,
    'node.allocations': others,
  }) => {
    const port = portOf(error, record)
    if (!error || !port) return false
    const [holder] = holders(listeners, port.hostIp, port.hostPort, publishing(error))
    const known = others.some(
      (other) =>
        other.id !== record.id && living(other) && other.ports.some(({ hostPort }) => hostPort === port.hostPort),
    )
    if (!holder || known) return false
    return `Port ${port.hostPort} on ${record.nodeName} is held by ${who(holder)}, which is no allocation; task ${error.task} cannot bind it`
  },
  byHand:
    'On the client: ss -ltnp and ss -lunp for the port. Docker publishes TCP and UDP, so a holder of either is in the way.',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'Nomad keeps account of the ports it gave to allocations and of reserved_ports, and of nothing else on the host. A daemon, a container started by hand or the stub resolver on port 53 may have the port already. The scheduler places the allocation all the same, and the task fails as soon as it, or docker on its behalf, binds the port - on this client every time.',
  fix: ({ 'alloc.record': record, 'alloc.bind-error': error }) => {
    const port = portOf(error, record)?.hostPort ?? 0
    return [
      {
        do: `Stop what listens on port ${port}, or move it to another port`,
        on: `client ${record.nodeName}`,
        run: ['ss', '-ltnup', 'sport', '=', `:${port}`],
        risk: 'Whatever uses that process loses it',
      },
      {
        do: `Or reserve ${port} in reserved_ports of the client (client { reserved { reserved_ports = "${port}" } }), so that the job goes to other clients, and restart the agent`,
        on: 'client configuration',
        risk: 'No job can have that port on this client any more',
      },
      {
        do: 'Or let the port be dynamic, or give it another number',
        on: 'job file',
        risk: 'Callers that use the fixed port must change',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#static',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#reserved-block',
    'https://github.com/hashicorp/nomad/issues/3791',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a web server started by hand',
      given: {
        'alloc.start': 'no-bind',
        'alloc.namespace-kind': 'host',
        'alloc.record': record('a1', {
          clientStatus: 'failed',
          ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 8080, to: 80, hostNetwork: 'default' }],
        }),
        'alloc.bind-error': {
          kind: 'in-use',
          task: 'server',
          text: 'Failed to start container a: Error starting userland proxy: listen tcp4 10.0.0.1:8080: bind: address already in use',
          address: '10.0.0.1',
          port: 8080,
        },
        'node.listeners': [{ proto: 'tcp', address: '0.0.0.0', port: 8080, processes: [{ name: 'nginx', pid: 7 }] }],
        'node.allocations': [record('a1', { clientStatus: 'failed' })],
      },
      then: 'present',
    },
    {
      name: 'another allocation has it',
      given: {
        'alloc.start': 'no-bind',
        'alloc.namespace-kind': 'host',
        'alloc.record': record('a1', {
          clientStatus: 'failed',
          ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 8080, to: 80, hostNetwork: 'default' }],
        }),
        'alloc.bind-error': {
          kind: 'in-use',
          task: 'server',
          text: 'Bind for 10.0.0.1:8080 failed: port is already allocated',
          address: '10.0.0.1',
          port: 8080,
        },
        'node.listeners': [
          { proto: 'tcp', address: '10.0.0.1', port: 8080, processes: [{ name: 'docker-proxy', pid: 7 }] },
        ],
        'node.allocations': [
          record('a2', {
            ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 8080, to: 80, hostNetwork: 'default' }],
          }),
        ],
      },
      then: 'absent',
    },
    {
      name: 'nobody has it any more',
      given: {
        'alloc.start': 'no-bind',
        'alloc.namespace-kind': 'host',
        'alloc.record': record('a1', {
          clientStatus: 'failed',
          ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 8080, to: 80, hostNetwork: 'default' }],
        }),
        'alloc.bind-error': {
          kind: 'in-use',
          task: 'server',
          text: 'listen tcp :8080: bind: address already in use',
          port: 8080,
        },
        'node.listeners': [],
        'node.allocations': [],
      },
      then: 'absent',
    },
    {
      name: 'inside a namespace of its own the task meets only its siblings',
      given: {
        'alloc.start': 'no-bind',
        'alloc.namespace-kind': 'own',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
        'alloc.bind-error': {
          kind: 'in-use',
          task: 'server',
          text: 'listen tcp :8080: bind: address already in use',
          port: 8080,
        },
        'node.listeners': [{ proto: 'tcp', address: '0.0.0.0', port: 8080, processes: [{ name: 'nginx', pid: 7 }] }],
        'node.allocations': [],
      },
      then: 'absent',
    },
    {
      name: 'it runs and has the port itself',
      given: {
        'alloc.start': 'up',
        'alloc.namespace-kind': 'host',
        'alloc.record': record('a1'),
        'alloc.bind-error': null,
        'node.listeners': [{ proto: 'tcp', address: '0.0.0.0', port: 25000, processes: [{ name: 'server', pid: 7 }] }],
        'node.allocations': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['host'] },
    needs: ['group.spec', 'every.node.agent'],
    shows: ['every.node.agent'],
    holds: ({ 'group.spec': spec, 'every.node.agent': agents }) => {
      const found = portOfAgent(spec, agents)
      return found
        ? {
            says: `Port ${found.label} of group ${spec.name} is ${found.static}, the HTTP port of the Nomad agent on every client: nothing else can bind it`,
            at: [found, 'static'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'every.node.agent': agents }) => [
      {
        do: `Take another number for port "${portOfAgent(spec, agents)?.label ?? ''}"`,
        on: 'job file',
        risk: 'Callers have to know the other number',
      },
    ],
    examples: [
      {
        name: "the agent's own port",
        given: { 'group.network.mode': 'host', 'group.spec': dashboard, 'every.node.agent': http('') },
        then: 'present',
      },
      {
        name: 'the agent has another one',
        given: { 'group.network.mode': 'host', 'group.spec': dashboard, 'every.node.agent': http('14646') },
        then: 'absent',
      },
      {
        name: 'a bridge group',
        given: { 'group.network.mode': 'bridge', 'group.spec': dashboard, 'every.node.agent': http('') },
        then: 'absent',
      },
    ],
  },
})
