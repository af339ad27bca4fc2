import { edits, set } from '../../edit.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'
import { group, service, task } from '../../samples.ts'

/** A service that announces a number of the inside, while the port block that leads there has another number outside. */
function unmapped(
  spec: GroupSpec,
  namespaces: Readonly<Record<string, Namespace>>,
): { service: ServiceSpec; label: string } | undefined {
  const ports = spec.network?.ports ?? []
  for (const one of servicesOf(spec)) {
    const serving = spec.tasks
      .filter(({ name }) => one.task === undefined || one.task === name)
      .map(({ name }) => namespaces[name])
    const apart = serving.length > 0 && serving.every((where) => where === 'group' || where === 'container')
    if (
      !/^\d+$/.test(one.port) ||
      // The servers refuse it there.
      one.level === 'task' ||
      one.connect ||
      one.address !== '' ||
      !['', 'auto', 'host'].includes(one.addressMode) ||
      !apart
    )
      continue
    const outside = ports.some((port) => port.static === Number(one.port))
    const label = ports.find((port) => port.to === Number(one.port))?.label
    if (!outside && label !== undefined) return { service: one, label }
  }
  return undefined
}

export const numericServicePortNotMapped = fault({
  id: 'numeric-service-port-not-mapped',
  about: 'group',
  title: 'The service announces a number that is not open on the client',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'curl: (7) Failed to connect to <address> port <port>: Connection refused',
  ],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = unmapped(spec, namespaces)
    return found
      ? {
          says: `Service ${found.service.name} announces port ${found.service.port} as a number; on the client that port is not open, because port block ${found.label} gives ${found.service.port} another number there`,
          at: [found.service, 'port'],
        }
      : false
  },
  byHand:
    'The catalogue shows the service with the number of the job file, nomad alloc status a different host port that goes to it.',
  explains: [
    'nsd-literal-port-empty-address',
    'container-port-on-client-address',
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    "A service that names a label is registered with the host port behind it. A number is taken as it is, and registered with the client's own address. In bridge mode, and with docker's own network, that number exists inside only: on the client nothing listens there, and every caller is refused. Connect services are the exception: there the number inside is wanted.",
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = unmapped(spec, namespaces)
    return [
      {
        do: `Set port = "${found?.label ?? '<label>'}" in service "${found?.service.name ?? ''}"`,
        on: 'job file',
        risk: 'The service is registered anew',
        ...edits(found && [set(found.service, 'port', found.label)], 'the service is not written out', true),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#port',
    'client/serviceregistration/address.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'port = "8080" beside a port block with to = 8080',
      given: {
        'group.spec': group({ services: [service({ port: '8080' })] }),
        'group.task-namespaces': { server: 'group' },
      },
      then: 'present',
    },
    {
      name: 'the label is named',
      given: { 'group.spec': group(), 'group.task-namespaces': { server: 'group' } },
      then: 'absent',
    },
    {
      name: 'in the host namespace the number is the number',
      given: {
        'group.spec': group({ services: [service({ port: '8080' })], tasks: [task({ driver: 'raw_exec' })] }),
        'group.task-namespaces': { server: 'host' },
      },
      then: 'absent',
    },
    {
      name: 'a Connect service wants the number inside',
      given: {
        'group.spec': group({ services: [service({ port: '8080', connect: { native: false, gateway: false } })] }),
        'group.task-namespaces': { server: 'group' },
      },
      then: 'absent',
    },
  ],
})
