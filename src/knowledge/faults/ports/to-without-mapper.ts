import { edits, unset, type Edit } from '../../edit.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { DeclaredPort } from '../../shapes/said.ts'
import { mentionsAny, servers } from '../../said.ts'
import { declared } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { group, listening, task } from '../../samples.ts'
import { staticAsInside, staticPort } from '../../port-ranges.ts'

/** Where the process goes by the number itself, only that very number on the client can be right. */
function unmapping(port: DeclaredPort, spec: GroupSpec): readonly Edit[] | undefined {
  const { to = 0 } = port.port
  const fixed = mentionsAny(servers(port, spec), [to])
  const number = fixed ? staticAsInside(port.port) : []
  return number && [...number, unset(port.port, 'to')]
}

const unmapped = (ports: readonly ListeningPort[]) =>
  ports.filter(
    ({ namespace, mapper, state, atTo }) => namespace === 'host' && mapper === 'nobody' && state === 'closed' && atTo,
  )

/** The process goes by `to`, by number or by variable, and nobody leads packets there; a host variable would be right. */
const useless = (ports: readonly DeclaredPort[], spec: GroupSpec) =>
  ports.find((port) => {
    const {
      label,
      namespace,
      mapper,
      port: { to = 0, static: host },
    } = port
    const tasks = servers(port, spec)
    return (
      namespace === 'host' &&
      mapper === 'nobody' &&
      to > 0 &&
      to !== host &&
      tasks.every(({ driver }) => driver !== 'docker') &&
      mentionsAny(tasks, [to, `NOMAD_PORT_${label}`]) &&
      !mentionsAny(tasks, [
        `NOMAD_HOST_PORT_${label}`,
        `NOMAD_ADDR_${label}`,
        `NOMAD_HOST_ADDR_${label}`,
        ...(host ? [host] : []),
      ])
    )
  })

export const toWithoutMapper = fault({
  id: 'to-without-mapper',
  about: 'alloc',
  title: 'The port block has a to, but nothing maps ports here',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'Get "http://<address>:<port>/": dial tcp <address>:<port>: connect: connection refused',
  ],
  onlyWhen: { 'group.network.mode': ['host'], 'alloc.status': ['running'] },
  needs: ['alloc.listening'],
  holds: ({ 'alloc.listening': ports }) => {
    const all = unmapped(ports)
    const [found] = all
    return found
      ? {
          says: `Port ${found.label} is announced as ${found.hostIp}:${found.hostPort}, but nothing maps that to ${found.to} in the host's namespace: the process listens on ${found.to} of the client, and nothing on ${found.hostPort}`,
          ports: all.map(({ label }) => label),
        }
      : false
  },
  byHand:
    'On the client, ss -ltnp shows a listener on the port of to and none on the host port that nomad alloc status prints.',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'A to is an instruction for whoever maps ports: the CNI plug-in of a bridge group, or docker for its own network. A task in the namespace of the host (exec, raw_exec, java, or docker with network_mode = "host") has neither. Yet NOMAD_PORT_<label> follows to, so a process that obeys it binds a number nobody is sent to, while the service and its check use the host port.',
  fix: ({ 'alloc.listening': ports }) => {
    const [found] = unmapped(ports)
    return [
      {
        do: `Delete to from port "${found?.label ?? ''}" and let the process bind NOMAD_PORT_${found?.label ?? '<label>'}`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
      {
        do: `Or keep a fixed number: ${staticPort(found?.to, `port "${found?.label ?? ''}"`)}, without to; or mode = "bridge", which maps it`,
        on: 'job file',
        risk: 'A static port needs to be free on the client; bridge mode needs the CNI plug-ins there',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#to',
    'https://github.com/hashicorp/nomad/issues/5340',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'raw_exec in host mode with to = 8080',
      given: {
        'group.network.mode': 'host',
        'alloc.status': 'running',
        'alloc.listening': [
          listening({ namespace: 'host', mapper: 'nobody', inside: 25000, state: 'closed', atTo: true }),
        ],
      },
      then: 'present',
    },
    {
      name: 'the process binds the host port',
      given: {
        'group.network.mode': 'host',
        'alloc.status': 'running',
        'alloc.listening': [
          listening({ namespace: 'host', mapper: 'nobody', inside: 25000, state: 'open', atTo: true }),
        ],
      },
      then: 'absent',
    },
    {
      name: 'the task does not run',
      given: { 'group.network.mode': 'host', 'alloc.status': 'pending', 'alloc.listening': [] },
      then: 'absent',
    },
    {
      name: 'in a bridge group the CNI plug-in maps it',
      given: { 'group.network.mode': 'bridge', 'alloc.status': 'running', 'alloc.listening': [listening()] },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['host'] },
    needs: ['group.ports', 'group.spec'],
    holds: ({ 'group.ports': ports, 'group.spec': spec }) => {
      const found = useless(ports, spec)
      return found
        ? {
            says: `Port ${found.label} has to = ${found.port.to}, but group ${spec.name} is in host mode and nothing maps it: task ${found.servers.join(', ')} listens on ${found.port.to} of the client, and the port that is announced is another one`,
            at: [found.port, 'to'],
          }
        : false
    },
    fix: ({ 'group.ports': ports, 'group.spec': spec }) => {
      const found = useless(ports, spec)
      return [
        {
          do: `Delete to from port "${found?.label ?? ''}" and let the process bind NOMAD_PORT_${found?.label ?? '<label>'}; or set ${staticPort(found?.port.to, 'its place')} instead`,
          on: 'job file',
          risk: 'The allocation is replaced; a static port needs to be free on the client',
          ...edits(found && unmapping(found, spec), 'the port is not written out, or lies in the dynamic ports'),
        },
      ]
    },
    meets: ({ 'alloc.listening': heard }, { 'group.ports': ports, 'group.spec': spec }) => {
      const found = useless(ports, spec)
      return unmapped(heard).some(({ label, to }) => label === found?.label && to === found.port.to)
    },
    examples: [
      {
        name: 'raw_exec that listens on NOMAD_PORT_http',
        given: {
          'group.network.mode': 'host',
          'group.ports': [declared({ namespace: 'host', mapper: 'nobody' })],
          'group.spec': group({
            tasks: [task({ driver: 'raw_exec', config: { args: ['-l', ':${NOMAD_PORT_http}'] } })],
          }),
        },
        then: 'present',
      },
      {
        name: 'it listens on the host port',
        given: {
          'group.network.mode': 'host',
          'group.ports': [declared({ namespace: 'host', mapper: 'nobody' })],
          'group.spec': group({
            tasks: [task({ driver: 'exec', config: { args: ['-l', '${NOMAD_ADDR_http}', '-in', '8080'] } })],
          }),
        },
        then: 'absent',
      },
      {
        name: 'a bridge maps it',
        given: { 'group.network.mode': 'bridge', 'group.ports': [declared()], 'group.spec': group() },
        then: 'absent',
      },
    ],
  },
})
