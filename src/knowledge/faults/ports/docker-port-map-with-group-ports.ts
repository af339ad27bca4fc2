import { configAt } from '../../container.ts'
import { fault } from '../../fault.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'
import { group, task } from '../../samples.ts'

/** Containers outside the group's namespace with a port_map, and no network of their own that it could belong to. */
const mapping = (spec: GroupSpec, namespaces: Readonly<Record<string, Namespace>>) =>
  spec.tasks.find(
    ({ name, driver, config, networks }) =>
      driver === 'docker' &&
      namespaces[name] !== 'group' &&
      networks.length === 0 &&
      filled(config['port_map']) &&
      !filled(config['ports']),
  )

const filled = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0

export const dockerPortMapWithGroupPorts = fault({
  id: 'docker-port-map-with-group-ports',
  about: 'group',
  title: 'The docker config maps ports with port_map, which cannot see the ports of the group',
  layer: 'job',
  severity: 'breaks',
  heard: [
    "'port_map' cannot map group network ports, use 'ports' instead",
    'Trying to map ports but no network interface is available',
  ],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = mapping(spec, namespaces)
    return found
      ? {
          says: `Task ${found.name} has a port_map in its docker config while its ports are those of group ${spec.name}: the driver refuses to create the container`,
          at: configAt(found, 'port_map'),
        }
      : false
  },
  byHand:
    "nomad alloc status <alloc>: event Driver Failure with: 'port_map' cannot map group network ports, use 'ports' instead.",
  explains: ['docker-ports-not-listed'],
  because:
    'port_map belongs to the network block inside a task, which is deprecated since Nomad 0.12. It translates labels of that block only. Once the ports stand in the network of the group, the driver finds a map for ports it does not have and stops with an error before any container exists.',
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = mapping(spec, namespaces)
    const old = Object.entries((found?.config['port_map'] ?? {}) as Record<string, unknown>).filter(
      ([, to]) => typeof to === 'number' || typeof to === 'string',
    )
    return [
      {
        do: `Give the port blocks of the group a to${old.length > 0 ? ` (${old.map(([label, to]) => `${label}: to = ${String(to)}`).join(', ')})` : ''}, list their labels in config.ports of task ${found?.name ?? ''}, and delete port_map`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
    'https://github.com/hashicorp/nomad/issues/8488',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the network moved to the group, port_map stayed',
      given: {
        'group.spec': group({
          network: { mode: '', ports: [{ label: 'http', hostNetwork: 'default' }] },
          tasks: [task({ config: { port_map: { http: 8080 } } })],
        }),
        'group.task-namespaces': { server: 'container' },
      },
      then: 'present',
    },
    {
      name: 'ports wins where both are given',
      given: {
        'group.spec': group({ tasks: [task({ config: { port_map: { http: 8080 }, ports: ['http'] } })] }),
        'group.task-namespaces': { server: 'container' },
      },
      then: 'absent',
    },
  ],
})
