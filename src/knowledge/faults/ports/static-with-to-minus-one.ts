import { edits, unset } from '../../edit.ts'
import { configList } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'

/** A static port with to = -1 that docker publishes. Source: nomad/structs/network.go, `AssignPorts`; drivers/docker/ports.go. */
const negative = ({ network, tasks }: GroupSpec, namespaces: Readonly<Record<string, Namespace>>) =>
  (network?.ports ?? [])
    .filter(({ static: host, to }) => host !== undefined && to === -1)
    .flatMap((port) =>
      tasks
        .filter(
          (task) =>
            (namespaces[task.name] === 'container' || namespaces[task.name] === 'elsewhere') &&
            configList(task, 'ports').includes(port.label),
        )
        .map((task) => ({ port, task })),
    )

const given = (to: number | undefined, host?: number): GroupSpec =>
  group({
    network: {
      mode: '',
      ports: [
        {
          label: 'sftp',
          hostNetwork: 'default',
          ...(to === undefined ? {} : { to }),
          ...(host === undefined ? {} : { static: host }),
        },
      ],
    },
    tasks: [task({ config: { ports: ['sftp'] } })],
  })

export const staticWithToMinusOne = fault({
  id: 'static-with-to-minus-one',
  about: 'group',
  title: 'A static port has to = -1, which is worked out for dynamic ports only',
  layer: 'job',
  severity: 'breaks',
  heard: ['invalid port "-1/tcp"', 'Invalid containerPort: -1'],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const [found] = negative(spec, namespaces)
    return found
      ? {
          says: `Port ${found.port.label} of group ${spec.name} is static ${found.port.static} with to = -1, so docker is asked to publish container port -1 for task ${found.task.name}`,
          at: [found.port, 'to'],
        }
      : false
  },
  byHand: 'nomad alloc status <alloc> prints the port as <address>:<port> -> -1, and the docker task fails.',
  explains: [],
  because:
    'to = -1 means: the same number inside as outside. The scheduler fills it in for dynamic ports when it chooses the number; a static port keeps -1. The bridge then takes the host port all the same, but the docker driver hands the -1 to docker as the port of the container, which is no port.',
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const port = negative(spec, namespaces)[0]?.port
    return [
      {
        do: `Delete to from port ${port?.label ?? ''}: without it the container port is ${port?.static ?? ''} as well`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(port && [unset(port, 'to')], 'the port is not written out', true),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#to',
    'nomad/structs/network.go, AssignPorts',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'static = 2222, to = -1',
      given: { 'group.spec': given(-1, 2222), 'group.task-namespaces': { server: 'container' } },
      then: 'present',
    },
    {
      name: 'a dynamic port',
      given: { 'group.spec': given(-1), 'group.task-namespaces': { server: 'container' } },
      then: 'absent',
    },
    {
      name: 'the bridge takes the host port',
      given: { 'group.spec': given(-1, 2222), 'group.task-namespaces': { server: 'group' } },
      then: 'absent',
    },
  ],
})
