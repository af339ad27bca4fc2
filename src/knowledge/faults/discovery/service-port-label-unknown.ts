import { interpolated, servicesOf } from '../../discovery.ts'
import { edits, meant, set, severalPorts } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

const labelsOf = (spec: GroupSpec): readonly string[] =>
  [...(spec.network?.ports ?? []), ...spec.tasks.flatMap((task) => task.networks.flatMap(({ ports }) => ports))].map(
    ({ label }) => label,
  )

/** Services whose port is neither a number nor a label of the group. */
function unknown(spec: GroupSpec): readonly ServiceSpec[] {
  const labels = labelsOf(spec)
  return servicesOf(spec).filter(
    ({ port, addressMode }) =>
      port !== '' && !/^\d+$/.test(port) && !interpolated(port) && addressMode !== 'driver' && !labels.includes(port),
  )
}

export const servicePortLabelUnknown = fault({
  id: 'service-port-label-unknown',
  aliases: ['invalid-service-port-label'],
  about: 'group',
  title: 'A service names a port label that its group does not have',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'failed to setup alloc: pre-run hook "group_services" failed: 1 error occurred: * unable to get address for service "<service>": invalid port "<label>": port label not found',
    'invalid port "<label>": port label not found',
    'port label "<label>" referenced by services <service> does not exist',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const [first] = unknown(spec)
    if (!first) return false
    const labels = labelsOf(spec)
    return `Service ${first.name} has port = "${first.port}", but group ${spec.name} has ${labels.length === 0 ? 'no port label at all' : `only the port label${labels.length === 1 ? '' : 's'} ${labels.join(', ')}`}`
  },
  byHand:
    'nomad alloc status <alloc>: event Setup Failure with "port label not found"; compare the service block with the ports of the network block.',
  explains: [],
  because:
    'The port of a service is a label of its own group or a number. The servers check labels of task services, but not those of group services: such a job is accepted and placed, and then each client fails to set the allocation up, because it cannot work out the address to register. No task ever starts.',
  fix: ({ 'group.spec': spec }) => {
    const [first] = unknown(spec)
    const label = first && meant(first.port, labelsOf(spec))
    return [
      {
        do: label
          ? `Write port = "${label.name}" in service ${first?.name ?? ''}`
          : `Name one of the group's labels in service ${first?.name ?? ''}, or add port "${first?.port ?? ''}" to its network block`,
        on: 'job file',
        risk: 'The allocations are replaced',
        ...edits(first && label && [set(first, 'port', label.name)], severalPorts, label?.sure),
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
      name: 'a number needs no label',
      given: { 'group.spec': group({ services: [service({ port: '8080' })] }) },
      then: 'absent',
    },
    { name: 'the label is there', given: { 'group.spec': group() }, then: 'absent' },
  ],
})
