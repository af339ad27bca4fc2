import { edits, include, remove, set, unset } from '../../edit.ts'
import { configAt } from '../../container.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'
import { group, task } from '../../samples.ts'

/** Containers with a port_map, and no network of their own that it could belong to. */
const mapping = (spec: GroupSpec) =>
  spec.tasks.find(
    ({ driver, config, networks }) =>
      driver === 'docker' && networks.length === 0 && filled(config['port_map']) && !filled(config['ports']),
  )

/** Labels and numbers of a port_map; a block is a list of one map in the API. */
const entriesOf = ({ config }: TaskSpec): readonly (readonly [label: string, to: number])[] =>
  [config['port_map']]
    .flat()
    .flatMap((one) => Object.entries(one ?? {}).map(([label, to]) => [label, Number(to)] as const))

/** The same as port blocks and a list. */
function mapped(task: TaskSpec, { network }: GroupSpec): readonly Edit[] | undefined {
  const at = configAt(task, 'port_map')
  const steps = entriesOf(task).map(([label, to]) => {
    const port = network?.ports.find((one) => one.label === label)
    return port && to > 0
      ? [...(port.to === to ? [] : [set(port, 'to', to)]), include(task.config, 'ports', label)]
      : undefined
  })
  if (!steps.every((one) => one !== undefined)) return undefined
  return [...steps.flat(), Array.isArray(at) ? unset(task.config, 'port_map') : remove(at)]
}

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
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = mapping(spec)
    return found
      ? {
          says: `Task ${found.name} has a port_map in its docker config while its ports are those of group ${spec.name}: the driver refuses to create the container`,
          at: configAt(found, 'port_map'),
        }
      : false
  },
  byHand:
    "nomad alloc status <alloc>: event Driver Failure with: 'port_map' cannot map group network ports, use 'ports' instead.",
  explains: ['docker-ports-not-listed', 'app-ignores-assigned-port'],
  because:
    'port_map belongs to the network block inside a task, which is deprecated since Nomad 0.12. It translates labels of that block only. Once the ports stand in the network of the group, the driver finds a map for ports it does not have and stops with an error before any container exists.',
  fix: ({ 'group.spec': spec }) => {
    const found = mapping(spec)
    const old = found ? entriesOf(found) : []
    return [
      {
        do: `Give the port blocks of the group a to${old.length > 0 ? ` (${old.map(([label, to]) => `${label}: to = ${String(to)}`).join(', ')})` : ''}, list their labels in config.ports of task ${found?.name ?? ''}, and delete port_map`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(found && mapped(found, spec), 'a port of the map is no port of the group'),
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
      },
      then: 'present',
    },
    {
      name: 'in the namespace of the group the driver refuses it, too',
      given: {
        'group.spec': group({ tasks: [task({ config: { port_map: [{ http: 8080 }] } })] }),
      },
      then: 'present',
    },
    {
      name: 'ports wins where both are given',
      given: {
        'group.spec': group({ tasks: [task({ config: { port_map: { http: 8080 }, ports: ['http'] } })] }),
      },
      then: 'absent',
    },
  ],
})
