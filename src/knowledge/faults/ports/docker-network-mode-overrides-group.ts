import { edits, unset } from '../../edit.ts'
import type { Called, DeclaredPort, Said } from '../../shapes/said.ts'
import { loops, servers } from '../../said.ts'
import { called, declared, said } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'

const ownMode = ({ driver, config }: TaskSpec): string | undefined => {
  const own = config['network_mode']
  return driver === 'docker' && typeof own === 'string' && own !== '' ? own : undefined
}

/** Of two tasks that should share the group's namespace the one that has left it. */
const awayOf = (from: TaskSpec, to: TaskSpec) => [to, from].find((one) => ownMode(one) !== undefined)

/** A sibling looks for it on localhost. */
const apart = {
  'target.group.network.mode': 'bridge',
  'path.place': 'same-alloc',
  'path.discovery': 'localhost',
  'source.task.spec': task({ name: 'app' }),
  'target.task.spec': task({ config: { network_mode: 'bridge' } }),
  'path.caller-namespace': 'group',
  'target.task.namespace': 'container',
  'target.group.spec': group(),
} as const

/** Docker itself leads the port to the container: only into a network of its own. */
const publishes = ({ config }: TaskSpec, label: string): boolean =>
  !/^(host|none|container:.*)$/.test(String(config['network_mode'])) &&
  Array.isArray(config['ports']) &&
  config['ports'].includes(label)

const allGone = ({ tasks }: GroupSpec): boolean => tasks.length > 1 && tasks.every((one) => ownMode(one) !== undefined)

/** A task outside the group's namespace that its ports lead to, or that calls a sibling or is called on loopback. */
function departed(
  ports: readonly DeclaredPort[],
  calls: readonly Called[],
  listens: readonly Said[],
  group: GroupSpec,
) {
  const gone = group.tasks.filter((one) => ownMode(one) !== undefined)
  const on = (name: string, port: number) => listens.some((one) => one.port === port && one.task === name)
  return gone.find((one) => {
    const serves = ports.some((port) => {
      const all = servers(port, group)
      return all.includes(one) && all.every((each) => gone.includes(each) && !publishes(each, port.label))
    })
    const local = calls.filter(({ host }) => loops(host))
    const calling = local.some(
      ({ task: name, port }) =>
        name === one.name && group.tasks.some((other) => other !== one && on(other.name, port)) && !on(one.name, port),
    )
    const wanted = local.some(({ task: name, port }) => name !== one.name && on(one.name, port))
    return serves || calling || wanted
  })
}

export const dockerNetworkModeOverridesGroup = fault({
  id: 'docker-network-mode-overrides-group',
  about: 'path',
  title: "A docker task has left the group's network, because it has a network_mode of its own",
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
    "nc: can't connect to remote host (127.0.0.1): Connection refused",
  ],
  onlyWhen: {
    'target.group.network.mode': ['bridge', 'cni'],
    'path.place': ['same-alloc'],
    'path.discovery': ['localhost', 'env-variable'],
  },
  needs: [
    'source.task.spec',
    'target.task.spec',
    'path.caller-namespace',
    'target.task.namespace',
    'target.group.spec',
  ],
  shows: ['target.task.spec', 'source.task.spec', 'target.group.spec'],
  holds: ({
    'source.task.spec': from,
    'target.task.spec': to,
    'path.caller-namespace': caller,
    'target.task.namespace': server,
    'target.group.spec': spec,
  }) => {
    const away = awayOf(from, to)
    if (!away || caller === server) return false
    const other = away === to ? from : to
    return `Task ${away.name} has network_mode = "${ownMode(away)}" in its docker config, so it is not in the network namespace of group ${spec.name}, where ${other.name} is: 127.0.0.1 of the one is not that of the other`
  },
  byHand: 'docker inspect <task>-<alloc id>: HostConfig.NetworkMode is not container:<id of nomad_init_<alloc id>>.',
  explains: ['task-in-other-namespace'],
  because:
    "In a bridge group the containers join one namespace, that of the pause container, and so share its loopback. A network_mode in the docker config wins over that: the container goes to docker's bridge, or to the host, alone. Its siblings then look for it on a loopback where it is not.",
  fix: ({ 'source.task.spec': from, 'target.task.spec': to }) => [
    {
      do: `Delete network_mode from the docker config of task ${awayOf(from, to)?.name ?? ''}, and its ports list with it`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker',
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://github.com/hashicorp/nomad/issues/6601',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a sibling looks for it on localhost', given: apart, then: 'present' },
    {
      name: 'both are in the namespace of the group',
      given: { ...apart, 'target.task.spec': task(), 'target.task.namespace': 'group' },
      then: 'absent',
    },
    {
      name: 'in host mode there is no namespace of the group to leave',
      given: {
        ...apart,
        'target.group.network.mode': 'host',
        'target.task.spec': task({ config: { network_mode: 'host' } }),
        'path.caller-namespace': 'container',
        'target.task.namespace': 'host',
      },
      then: 'absent',
    },
    {
      name: 'a caller elsewhere comes by the port, not by loopback',
      given: { ...apart, 'path.place': 'other-client' },
      then: 'absent',
    },
    {
      name: 'the sibling goes by the service',
      given: { ...apart, 'path.discovery': 'nomad-template' },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
    needs: ['group.ports', 'group.calls', 'group.listens', 'group.spec'],
    shows: ['group.spec'],
    holds: ({ 'group.ports': ports, 'group.calls': calls, 'group.listens': listens, 'group.spec': spec }) => {
      const found = departed(ports, calls, listens, spec)
      return found
        ? {
            says: `Task ${found.name} has network_mode = "${ownMode(found)}", so it is not in the network namespace of group ${spec.name}: neither the ports of the group nor its siblings' loopback reach it`,
            at: [found.config, 'network_mode'],
          }
        : false
    },
    fix: ({ 'group.ports': ports, 'group.calls': calls, 'group.listens': listens, 'group.spec': spec }) => {
      const found = departed(ports, calls, listens, spec)
      return [
        {
          do: `Delete network_mode from task ${found?.name ?? ''}`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found && !allGone(spec) ? [unset(found.config, 'network_mode')] : undefined,
            'all tasks have left the group, and which of them serves its ports is not said',
          ),
        },
      ]
    },
    meets: (
      { 'source.task.spec': from, 'target.task.spec': to },
      { 'group.ports': ports, 'group.calls': calls, 'group.listens': listens, 'group.spec': spec },
    ) => awayOf(from, to)?.name === departed(ports, calls, listens, spec)?.name,
    examples: [
      {
        name: 'the sidecar calls its sibling',
        given: {
          'group.network.mode': 'bridge',
          'group.ports': [],
          'group.calls': [called({ port: 8080 })],
          'group.listens': [said({ task: 'api' })],
          'group.spec': group({ tasks: [task({ config: { network_mode: 'bridge' } }), task({ name: 'api' })] }),
        },
        then: 'present',
      },
      {
        name: 'all tasks are on another network, and nobody is left for the port',
        given: {
          'group.network.mode': 'bridge',
          'group.ports': [declared({ servers: ['server', 'api'] })],
          'group.calls': [],
          'group.listens': [],
          'group.spec': group({
            tasks: [
              task({ config: { network_mode: 'own_net' } }),
              task({ name: 'api', config: { network_mode: 'own_net' } }),
            ],
          }),
        },
        then: 'present',
      },
      {
        name: 'nobody has to do with it',
        given: {
          'group.network.mode': 'bridge',
          'group.ports': [],
          'group.calls': [],
          'group.listens': [],
          'group.spec': group({ tasks: [task({ config: { network_mode: 'none' } }), task({ name: 'api' })] }),
        },
        then: 'absent',
      },
      {
        name: 'a group in host mode',
        given: {
          'group.network.mode': 'host',
          'group.ports': [],
          'group.calls': [],
          'group.listens': [],
          'group.spec': group(),
        },
        then: 'absent',
      },
    ],
  },
})
