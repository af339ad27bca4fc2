import { edits, set, unset } from '../../edit.ts'
import { configList, configText } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { TaskSpec } from '../../shapes/job.ts'

/** Options docker refuses for a container that joins another one. Source: moby daemon/internal/runconfig/hostconfig.go. */
function refused(task: TaskSpec): string | undefined {
  return (
    ['dns_servers', 'extra_hosts'].find((key) => configList(task, key).length > 0) ??
    ['hostname', 'mac_address'].find((key) => configText(task, key) !== '')
  )
}

const joined = (config: Readonly<Record<string, unknown>> = {}): TaskSpec =>
  task({ config: { network_mode: 'container:tunnel-${NOMAD_ALLOC_ID}', ...config } })

export const containerModeManual = fault({
  id: 'container-mode-manual',
  about: 'task',
  title: 'The container joins another container by hand, and keeps nothing of its own network',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'conflicting options: port publishing and the container type network mode',
    'conflicting options: port exposing and the container type network mode',
    'conflicting options: custom host-to-IP mapping and the network mode',
    'cannot join network of a non running container: <id>',
    'No such container: <name>',
  ],
  onlyWhen: { 'task.docker.network-mode': ['container'] },
  needs: ['task.spec', 'group.spec', 'task.started'],
  holds: ({ 'task.spec': task, 'group.spec': { tasks }, 'task.started': started }) => {
    const mode = configText(task, 'network_mode')
    // The container that is joined may publish them.
    const elsewhere = tasks.filter(({ name }) => name !== task.name).flatMap((other) => configList(other, 'ports'))
    const ports = configList(task, 'ports').filter((label) => !elsewhere.includes(label))
    const option = refused(task)
    if (option !== undefined && started === 'no')
      return {
        says: `Task ${task.name} has network_mode = "${mode}" together with ${option} in its docker config: docker refuses to create the container`,
        at: [task.config, 'network_mode'],
      }
    return ports.length > 0
      ? {
          says: `Task ${task.name} has network_mode = "${mode}", so its port ${ports.join(', ')} is not published: a container in another one's namespace has no ports of its own`,
          at: [task.config, 'network_mode'],
        }
      : false
  },
  byHand:
    'nomad alloc status <alloc>: event Driver Failure with "conflicting options", or docker inspect shows no published port.',
  explains: ['docker-ports-not-listed', 'task-in-other-namespace'],
  because:
    'network_mode = "container:<name>" puts the process into another container\'s network namespace. Ports, DNS, host name and hosts entries then belong to that other container, and docker refuses them here or drops them. The name has to exist at the very moment the task starts, and the namespace is lost when the other container is restarted.',
  fix: ({ 'task.spec': task, 'group.spec': { network } }) => {
    const host = network && ['', 'host'].includes(network.mode)
    return [
      {
        do: `Set mode = "bridge" in the network of the group and delete network_mode from task ${task.name}: then all tasks of the group share one namespace, and Nomad maps the ports into it`,
        on: 'job file',
        risk: 'The allocation is replaced; bridge mode needs the CNI plugins on the client',
        ...edits(
          network && [...(host ? [set(network, 'mode', 'bridge')] : []), unset(task.config, 'network_mode')],
          'the network is not written out',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#network_mode',
    'drivers/docker/driver.go',
    'moby daemon/internal/runconfig/hostconfig.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'with ports',
      given: {
        'task.started': 'no',
        'task.docker.network-mode': 'container',
        'task.spec': joined({ ports: ['http'] }),
        'group.spec': group(),
      },
      then: 'present',
    },
    {
      name: 'with a host name',
      given: {
        'task.started': 'no',
        'task.docker.network-mode': 'container',
        'task.spec': joined({ hostname: 'fetch' }),
        'group.spec': group(),
      },
      then: 'present',
    },
    {
      name: 'with a host name, and it runs all the same',
      given: {
        'task.started': 'yes',
        'task.docker.network-mode': 'container',
        'task.spec': joined({ hostname: 'fetch' }),
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'the other container publishes the port',
      given: {
        'task.started': 'no',
        'task.docker.network-mode': 'container',
        'task.spec': joined({ ports: ['http'] }),
        'group.spec': group({
          tasks: [task({ name: 'tunnel', config: { ports: ['http'] } }), joined({ ports: ['http'] })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'nothing of its own is asked for',
      given: {
        'task.started': 'no',
        'task.docker.network-mode': 'container',
        'task.spec': joined(),
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'it has a namespace of its own',
      given: {
        'task.started': 'no',
        'task.docker.network-mode': 'none-given',
        'task.spec': task({ config: { ports: ['http'] } }),
        'group.spec': group(),
      },
      then: 'absent',
    },
  ],
})
