import { edits, set } from '../../edit.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { applications } from '../../mesh.ts'
import { group, meshed, service, task } from '../../samples.ts'
import type { ConnectSpec, GroupSpec, ServiceSpec } from '../../shapes/job.ts'

/** Source: nomad/structs/services.go, `ConsulConnect.Validate` and `Service.Validate`. */
function objection(spec: GroupSpec, { port, task: owner, connect }: ServiceSpec): string | undefined {
  if (!connect) return undefined
  const kinds = [connect.native, connect.sidecar !== undefined, connect.gateway].filter(Boolean).length
  if (kinds !== 1)
    return kinds === 0
      ? 'has a connect block that asks for nothing: no native, no sidecar, no gateway'
      : 'is native, has a sidecar or is a gateway at the same time'
  if (!connect.native) return undefined
  if (port === '') return 'is native in the mesh and has no port'
  const several = applications(spec).length > 1
  return owner === undefined && several ? 'is native in the mesh and does not say to which task it belongs' : undefined
}

/** The only task there is, the one its port is called after; the only port there is. */
function completed(own: ServiceSpec, spec: GroupSpec): readonly Edit[] | undefined {
  if (!own.connect?.native) return undefined
  const tasks = applications(spec)
  const called = tasks.filter(({ name }) => name === own.port || name === own.name)
  const [task, ...others] = called.length === 1 ? called : tasks
  const [port, ...more] = spec.network?.ports ?? []
  const lacks = own.task === undefined && tasks.length > 1
  if ((lacks && others.length > 0) || (own.port === '' && (!port || more.length > 0))) return undefined
  return [
    ...(own.port === '' && port ? [set(own, 'port', port.label)] : []),
    ...(lacks && task ? [set(own, 'task', task.name)] : []),
  ]
}

function wrong(spec: GroupSpec) {
  for (const own of spec.services) {
    const why = objection(spec, own)
    if (why !== undefined) return { own, why }
  }
  return undefined
}

const connect = (changed: Partial<ConnectSpec>) => ({ native: false, gateway: false, ...changed })
const native = (changed: Partial<ServiceSpec> = {}) =>
  service({ provider: 'consul', connect: connect({ native: true }), ...changed })

export const connectNativeMisconfig = fault({
  id: 'connect-native-misconfig',
  about: 'group',
  title: 'A connect block does not say what the servers need to know',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Service <service> is Connect Native and requires setting the task',
    'Service <service> is Connect Native and requires setting the port',
    'Consul Connect must be exclusively native, make use of a sidecar, or represent a Gateway',
    'Validation failed: 1 error occurred: * Port or SocketPath must be set for a Connect native service.',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Service ${found.own.name} of group ${spec.name} ${found.why}, so the servers refuse the job`,
          at: found.own.port === '' ? found.own : (found.own.connect ?? found.own),
        }
      : false
  },
  byHand: 'nomad job validate <file> names the service and what is missing.',
  explains: [],
  because:
    'A connect block stands for one of three things: a sidecar beside the application, an application that speaks the protocol of the mesh itself (native), or a gateway. A native application gets its certificates from Consul under the name of its service, so Nomad must know which task that is, and Consul must know its port. The servers refuse what leaves this open.',
  fix: ({ 'group.spec': spec }) => {
    const own = wrong(spec)?.own
    const [first] = applications(spec)
    return [
      {
        do: own?.connect?.native
          ? `Write task = "${first?.name ?? '<task>'}" and the port label into service ${own.name}`
          : `Leave exactly one of native, sidecar_service and gateway in the connect block of ${own?.name ?? ''}`,
        on: 'job file',
        risk: 'none: the job was not accepted before',
        ...edits(own && completed(own, spec), 'the job does not say which of them is meant'),
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/connect', 'nomad/structs/services.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'two tasks and no task named',
      given: { 'group.spec': group({ services: [native()], tasks: [task(), task({ name: 'helper' })] }) },
      then: 'present',
    },
    {
      name: 'native without a port',
      given: { 'group.spec': group({ services: [native({ port: '' })] }) },
      then: 'present',
    },
    {
      name: 'an empty connect block',
      given: { 'group.spec': group({ services: [service({ provider: 'consul', connect: connect({}) })] }) },
      then: 'present',
    },
    {
      name: 'native in a group with one task',
      given: { 'group.spec': group({ services: [native()] }) },
      then: 'absent',
    },
    { name: 'a sidecar', given: { 'group.spec': group({ services: [meshed()] }) }, then: 'absent' },
  ],
})
