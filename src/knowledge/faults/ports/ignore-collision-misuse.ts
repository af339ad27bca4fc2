import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec, PortSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'

/** Ports that may collide where nothing can share them. Source: nomad/structs/structs.go, `validateNetworks`. */
function misused(
  { network, tasks }: GroupSpec,
  namespaces: Readonly<Record<string, Namespace>>,
): { readonly port: PortSpec; readonly says: string } | undefined {
  const port = network?.ports.find(({ ignoreCollision }) => ignoreCollision)
  if (!port) return undefined
  const mode = network?.mode ?? ''
  if (mode !== '' && mode !== 'host')
    return { port, says: `the network mode is "${mode}", and the server allows it in host mode only` }
  const { label } = port
  const docker = tasks.find(
    ({ name, config }) =>
      namespaces[name] === 'container' && Array.isArray(config['ports']) && config['ports'].includes(label),
  )
  return (
    docker && { port, says: `docker publishes the port for task ${docker.name}, and can do so only once per address` }
  )
}

export const ignoreCollisionMisuse = fault({
  id: 'ignore-collision-misuse',
  about: 'group',
  title: 'A port ignores collisions where no two allocations can share it',
  layer: 'job',
  severity: 'breaks',
  heard: ['Port "<label>" collision may not be ignored on non-host network mode "<mode>"'],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = misused(spec, namespaces)
    const refused = (spec.network?.mode ?? '') !== '' && spec.network?.mode !== 'host'
    return found
      ? {
          says: `Port ${found.port.label} of group ${spec.name} has ignore_collision, but ${found.says}`,
          severity: refused ? 'breaks' : 'risks',
          at: [found.port, 'ignore_collision'],
        }
      : false
  },
  intended: 'where never two of its allocations are on one client',
  byHand:
    'nomad job validate <file>; with docker: a second allocation on the client fails with "port is already allocated".',
  explains: [],
  because:
    'ignore_collision lets the scheduler give one static port to several allocations of a client. That helps only processes which open the socket themselves in the host namespace with SO_REUSEPORT. A mapping into a bridge is a single rule per port, so the server refuses it there; and docker publishes a port of a container on its own network just once, so the second container does not start.',
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = misused(spec, namespaces)
    const label = found?.port.label ?? ''
    return [
      {
        do: `Delete ignore_collision from port ${label}`,
        on: 'job file',
        risk: 'One allocation per client and address',
        ...edits(found && [unset(found.port, 'ignore_collision')], 'the port is not written out'),
      },
      {
        do: 'Or run the group in host mode, docker tasks with network_mode = "host", and an application that opens its socket with SO_REUSEPORT',
        on: 'job file',
        risk: 'The tasks lose the network namespace of their own',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#ignore_collision',
    'nomad/structs/structs.go, validateNetworks',
  ],
  versions: { nomad: '>= 1.9.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'in bridge mode',
      given: { 'group.spec': shared('bridge'), 'group.task-namespaces': { server: 'group' } },
      then: 'present',
    },
    {
      name: 'docker publishes it',
      given: { 'group.spec': shared(''), 'group.task-namespaces': { server: 'container' } },
      then: 'present',
    },
    {
      name: 'the container is in the host namespace',
      given: { 'group.spec': shared(''), 'group.task-namespaces': { server: 'host' } },
      then: 'absent',
    },
    {
      name: 'nothing ignores collisions',
      given: { 'group.spec': group(), 'group.task-namespaces': { server: 'group' } },
      then: 'absent',
    },
  ],
})

function shared(mode: string): GroupSpec {
  return group({
    network: { mode, ports: [{ label: 'feed', static: 5000, hostNetwork: 'default', ignoreCollision: true }] },
    tasks: [task({ config: { ports: ['feed'] } })],
  })
}
