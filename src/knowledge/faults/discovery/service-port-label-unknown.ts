import { interpolated, servicesOf } from '../../discovery.ts'
import { edits, meant, set, severalPorts } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { addsPort } from '../../mesh.ts'
import { check, group, meshed, service, task } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

const labelsOf = (spec: GroupSpec): readonly string[] =>
  [...(spec.network?.ports ?? []), ...spec.tasks.flatMap((task) => task.networks.flatMap(({ ports }) => ports))].map(
    ({ label }) => label,
  )

interface Unknown {
  /** The block that names it: the service itself, one of its checks, or a path that its sidecar exposes. */
  readonly in: object
  readonly name: 'port' | 'listener_port'
  readonly port: string
  readonly who: string
}
/** Refused for another reason. */
const grouped = ({ level, addressMode }: ServiceSpec): boolean => level === 'group' && addressMode === 'driver'
/** Only the first network block counts: the label may stand in another one. */
const ignored = ({ networkBlocks }: GroupSpec): boolean => networkBlocks > 1
/** Types of checks that dial. */
const dials = ['http', 'tcp', 'grpc']

/** The first service or check whose port is neither a number nor a label of the group, or an exposed path without a label. */
function unknown(spec: GroupSpec): Unknown | undefined {
  const labels = labelsOf(spec)
  const there = (port: string) => labels.includes(port) || addsPort(spec, port)
  const missing = (port: string) => port !== '' && !/^\d+$/.test(port) && !interpolated(port) && !there(port)
  for (const service of servicesOf(spec)) {
    // Of services of a task the servers want a label; a number only with the address of a driver.
    const wanted = service.level === 'task' && service.addressMode !== 'driver' && !labels.includes(service.port)
    if ((wanted && /^\d+$/.test(service.port)) || (missing(service.port) && !grouped(service)))
      return { in: service, name: 'port', port: service.port, who: `service ${service.name}` }
    const check = service.checks.find((one) => missing(one.port) && dials.includes(one.type))
    if (check) return { in: check, name: 'port', port: check.port, who: `the check of service ${service.name}` }
    const path = service.connect?.sidecar?.expose?.find(({ listener }) => listener !== '' && !there(listener))
    if (path && !interpolated(path.listener))
      return {
        in: path,
        name: 'listener_port',
        port: path.listener,
        who: `path ${path.path}, which the sidecar of service ${service.name} exposes,`,
      }
  }
  return undefined
}

export const servicePortLabelUnknown = fault({
  id: 'service-port-label-unknown',
  aliases: ['invalid-service-port-label'],
  about: 'group',
  title: 'A service or its check names a port label that its group does not have',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'failed to setup alloc: pre-run hook "group_services" failed: 1 error occurred: * unable to get address for service "<service>": invalid port "<label>": port label not found',
    'invalid port "<label>": port label not found',
    'failed to setup alloc: pre-run hook "group_services" failed: error getting address for check "<check>": invalid port "<label>": port label not found',
    'port label "<label>" referenced by services <service> does not exist',
    'No port of label "<label>" defined',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = unknown(spec)
    if (!found) return false
    const labels = labelsOf(spec)
    return {
      says: `${begun(found.who)} has ${found.name} = "${found.port}", but group ${spec.name} has ${labels.length === 0 ? 'no port label at all' : `only the port label${labels.length === 1 ? '' : 's'} ${labels.join(', ')}`}`,
      at: [found.in, found.name],
    }
  },
  byHand:
    'nomad alloc status <alloc>: event Setup Failure with "port label not found"; compare the service block with the ports of the network block.',
  explains: [],
  because:
    'The port of a service is a label of its own group or a number, and so is that of a check. The servers check labels of task services, but not those of group services: such a job is accepted and placed, and then each client fails to set the allocation up, because it cannot work out the address to register. No task ever starts. The listener of an exposed path has to be a label, never a number. With the native provider a wrong label in a check alone lets the tasks start; the check then fails for ever.',
  fix: ({ 'group.spec': spec }) => {
    const found = unknown(spec)
    const label = found && meant(found.port, labelsOf(spec))
    const { who = '', name = 'port', port = '' } = found ?? {}
    const where = who.replace(/,$/, '')
    return [
      {
        do:
          label && !ignored(spec)
            ? `Write ${name} = "${label.name}" in ${where}`
            : `Name one of the group's labels in ${where}, or add port "${port}" to its network block`,
        on: 'job file',
        risk: 'The allocations are replaced',
        ...edits(
          found && label && !ignored(spec) ? [set(found.in, name, label.name)] : undefined,
          ignored(spec) ? 'the label may be in a network block that does not count' : severalPorts,
          label?.sure,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#port',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#port-parameters',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the label is called http',
      given: { 'group.spec': group({ services: [service({ port: 'web' })] }) },
      then: 'present',
    },
    {
      name: 'a number in a service of a task',
      given: { 'group.spec': group({ services: [], tasks: [task({ services: [taskService('')] })] }) },
      then: 'present',
    },
    {
      name: 'a number at the address of the driver',
      given: { 'group.spec': group({ services: [], tasks: [task({ services: [taskService('driver')] })] }) },
      then: 'absent',
    },
    {
      name: 'a number needs no label',
      given: { 'group.spec': group({ services: [service({ port: '8080' })] }) },
      then: 'absent',
    },
    {
      name: 'the label of a check',
      given: { 'group.spec': group({ services: [service({ checks: [check({ port: 'web' })] })] }) },
      then: 'present',
    },
    {
      name: 'a script check has no use for a port',
      given: {
        'group.spec': group({
          services: [service({ provider: 'consul', checks: [check({ type: 'script', port: 'web' })] })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'the listener of an exposed path',
      given: { 'group.spec': group({ services: [exposing('metrics')] }) },
      then: 'present',
    },
    {
      name: 'the listener of an exposed path has its label',
      given: { 'group.spec': group({ services: [exposing('http')] }) },
      then: 'absent',
    },
    {
      name: 'a port that the servers add for the sidecar',
      given: { 'group.spec': group({ services: [meshed({ checks: [check({ port: 'connect-proxy-orders' })] })] }) },
      then: 'absent',
    },
    {
      name: 'the label that the sidecar gives its own port',
      given: {
        'group.spec': group({ services: [meshed({ checks: [check({ port: 'mesh' })] }, { port: 'mesh' })] }),
      },
      then: 'absent',
    },
    {
      name: 'the port that the servers add for a mesh gateway',
      given: { 'group.spec': group({ services: [gateway('connect-mesh-orders-lan')] }) },
      then: 'absent',
    },
    {
      name: 'the port of the proxy of another service',
      given: { 'group.spec': group({ services: [meshed({ checks: [check({ port: 'connect-proxy-api' })] })] }) },
      then: 'present',
    },
    { name: 'the label is there', given: { 'group.spec': group() }, then: 'absent' },
  ],
})

function taskService(addressMode: string): ServiceSpec {
  return service({ port: '8080', level: 'task', task: 'server', addressMode })
}

function exposing(listener: string): ServiceSpec {
  return meshed({}, { expose: [{ path: '/metrics', localPort: 9090, listener }] })
}

function gateway(port: string): ServiceSpec {
  return service({
    provider: 'consul',
    port: 'http',
    checks: [check({ port })],
    connect: { native: false, gateway: true },
  })
}
