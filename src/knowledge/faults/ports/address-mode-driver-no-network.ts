import { edits, unset } from '../../edit.ts'
import { interpolated, servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import type { CheckSpec, GroupSpec, ServiceSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'
import { check, group, service, task } from '../../samples.ts'
import { begun } from '../../words.ts'

const plain = new Set(['exec', 'exec2', 'raw_exec', 'java'])

interface Asking {
  readonly service: ServiceSpec
  /** The block that asks: the service itself, or one of its checks. */
  readonly in: ServiceSpec | CheckSpec
  readonly mode: string
  readonly why: string
}
const modes = ['', 'auto', 'host', 'driver', 'alloc', 'alloc_ipv6']
const refused = 'the servers refuse the job'

/** A service or a check that asks for an address which its task or group does not have. */
function addressless(spec: GroupSpec, namespaces: Readonly<Record<string, Namespace>>): Asking | undefined {
  for (const service of servicesOf(spec))
    for (const one of [service, ...service.checks]) {
      const why = objection(one.addressMode, one !== service, service, spec, namespaces)
      if (why !== undefined) return { service, in: one, mode: one.addressMode, why }
    }
  return undefined
}

/** Sources: nomad/structs/structs.go and services.go, what the servers refuse; client/serviceregistration/address.go. */
function objection(
  mode: string,
  ofCheck: boolean,
  { level, task, provider }: ServiceSpec,
  spec: GroupSpec,
  namespaces: Readonly<Record<string, Namespace>>,
): string | undefined {
  if (!modes.includes(mode) && !interpolated(mode)) return `there is no such mode: ${refused}`
  if (ofCheck && mode === 'auto') return `that is a mode of services only: ${refused}`
  const alloc = mode === 'alloc' || mode === 'alloc_ipv6'
  if (alloc && level === 'task') return `only services of a group have the address of the allocation: ${refused}`
  if (alloc && ['', 'host'].includes(spec.network?.mode ?? ''))
    return `group ${spec.name} is in host mode, where an allocation has no address of its own: ${never(ofCheck)}`
  // Checks that only Consul can run are another fault.
  if (mode !== 'driver' || (ofCheck && provider === 'nomad')) return undefined
  if (level === 'group')
    return `only services of a task have an address of its driver: ${ofCheck ? never(ofCheck) : refused}`
  const server = spec.tasks.find(({ name }) => name === task)
  if (server && plain.has(server.driver))
    return `task ${server.name} uses ${server.driver}, which has no network of its own: ${never(ofCheck)}`
  return server && namespaces[server.name] === 'group'
    ? `task ${server.name} is in the network of its group, not in one of its driver: ${never(ofCheck)}`
    : undefined
}
const never = (ofCheck: boolean): string => (ofCheck ? 'the allocation is not set up' : 'it is never registered')

const said = ({ service, in: block }: Asking): string =>
  block === service ? `service ${service.name}` : `the check of service ${service.name}`

export const addressModeDriverNoNetwork = fault({
  id: 'address-mode-driver-no-network',
  aliases: ['address-mode-alloc-no-status'],
  about: 'group',
  title: 'A service or its check asks for an address that its task does not have',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'unable to get address for service "<service>": cannot use address_mode="driver": no driver network exists',
    'unable to get address for service "<service>": cannot use address_mode="alloc": no allocation network status reported',
    'error getting address for check "<check>": cannot use address_mode="driver": no driver network exists',
    'service "<service>" cannot use address_mode="driver", only services defined in a "task" block can use this mode',
    'service "<service>" cannot use address_mode="alloc", only services defined in a "group" block can use this mode',
  ],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = addressless(spec, namespaces)
    return found
      ? {
          says: `${begun(said(found))} has address_mode = "${found.mode}", but ${found.why}`,
          at: [found.in, 'address_mode'],
        }
      : false
  },
  byHand: 'nomad alloc status <alloc>: event Task hook failed (or Setup Failure) with: cannot use address_mode=.',
  explains: ['nsd-registration-missing'],
  because:
    'address_mode says which address goes into the catalogue. "driver" is an address that the driver itself gave the task: docker does so outside bridge groups, exec and raw_exec never do. "alloc" is the address of the network namespace, which only bridge and cni groups have. Without such an address the registration fails; the task may well run on, unknown to everybody. A check has a mode of its own, host unless it says otherwise, and for Consul an address that does not exist there fails the set-up of the allocation.',
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = addressless(spec, namespaces)
    return [
      {
        do: `Delete address_mode from ${found ? said(found) : 'it'} (or set "host") and give it the label of a port block`,
        on: 'job file',
        risk: 'The service is registered anew',
        ...edits(found && [unset(found.in, 'address_mode')], 'the service is not written out'),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#address_mode',
    'client/serviceregistration/address.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'raw_exec has no driver network',
      given: {
        'group.spec': group({
          services: [],
          tasks: [
            task({ driver: 'raw_exec', services: [service({ addressMode: 'driver', task: 'server', level: 'task' })] }),
          ],
        }),
        'group.task-namespaces': { server: 'host' },
      },
      then: 'present',
    },
    {
      name: 'alloc in host mode',
      given: {
        'group.spec': group({
          network: { mode: 'host', ports: [{ label: 'http', hostNetwork: 'default' }] },
          services: [service({ addressMode: 'alloc' })],
        }),
        'group.task-namespaces': { server: 'container' },
      },
      then: 'present',
    },
    {
      name: 'driver in a service of the group',
      given: {
        'group.spec': group({ services: [service({ addressMode: 'driver' })] }),
        'group.task-namespaces': { server: 'container' },
      },
      then: 'present',
    },
    {
      name: 'driver in a check of Consul in a service of the group',
      given: {
        'group.spec': group({
          services: [service({ provider: 'consul', checks: [check({ addressMode: 'driver' })] })],
        }),
        'group.task-namespaces': { server: 'group' },
      },
      then: 'present',
    },
    {
      name: "docker's own network has an address",
      given: {
        'group.spec': group({
          services: [],
          tasks: [task({ services: [service({ addressMode: 'driver', task: 'server', level: 'task' })] })],
        }),
        'group.task-namespaces': { server: 'container' },
      },
      then: 'absent',
    },
  ],
})
