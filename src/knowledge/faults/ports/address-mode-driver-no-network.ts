import { edits, unset } from '../../edit.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'
import { group, service, task } from '../../samples.ts'

const plain = new Set(['exec', 'exec2', 'raw_exec', 'java'])

/** A service that asks for an address which its task or group does not have. */
function addressless(
  spec: GroupSpec,
  namespaces: Readonly<Record<string, Namespace>>,
): { service: ServiceSpec; why: string } | undefined {
  for (const one of servicesOf(spec)) {
    const server = spec.tasks.find(({ name }) => name === one.task)
    if (one.addressMode === 'driver' && server) {
      if (plain.has(server.driver))
        return { service: one, why: `task ${server.name} uses ${server.driver}, which has no network of its own` }
      if (namespaces[server.name] === 'group')
        return { service: one, why: `task ${server.name} is in the network of its group, not in one of its driver` }
    }
    const mode = spec.network?.mode ?? ''
    if (['alloc', 'alloc_ipv6'].includes(one.addressMode) && ['', 'host'].includes(mode))
      return { service: one, why: `group ${spec.name} is in host mode, where an allocation has no address of its own` }
  }
  return undefined
}

export const addressModeDriverNoNetwork = fault({
  id: 'address-mode-driver-no-network',
  aliases: ['address-mode-alloc-no-status'],
  about: 'group',
  title: 'The service asks for an address that its task does not have',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'unable to get address for service "<service>": cannot use address_mode="driver": no driver network exists',
    'unable to get address for service "<service>": cannot use address_mode="alloc": no allocation network status reported',
    'service "<service>" cannot use address_mode="driver", only services defined in a "task" block can use this mode',
    'service "<service>" cannot use address_mode="alloc", only services defined in a "group" block can use this mode',
  ],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = addressless(spec, namespaces)
    return found
      ? `Service ${found.service.name} has address_mode = "${found.service.addressMode}", but ${found.why}: it is never registered`
      : false
  },
  byHand: 'nomad alloc status <alloc>: event Task hook failed (or Setup Failure) with: cannot use address_mode=.',
  explains: ['nsd-registration-missing'],
  because:
    'address_mode says which address goes into the catalogue. "driver" is an address that the driver itself gave the task: docker does so outside bridge groups, exec and raw_exec never do. "alloc" is the address of the network namespace, which only bridge and cni groups have. Without such an address the registration fails; the task may well run on, unknown to everybody.',
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = addressless(spec, namespaces)?.service
    return [
      {
        do: `Delete address_mode from service "${addressless(spec, namespaces)?.service.name ?? ''}" (or set "host") and give it the label of a port block`,
        on: 'job file',
        risk: 'The service is registered anew',
        ...edits(found && [unset(found, 'address_mode')], 'the service is not written out'),
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
