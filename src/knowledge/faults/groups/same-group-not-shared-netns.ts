import { add, edits, set, unset } from '../../edit.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Called, Said } from '../../shapes/said.ts'
import { lasting, loops } from '../../said.ts'
import { called, said } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import type { Namespace } from '../../shapes/port.ts'
import { group, task } from '../../samples.ts'

const where: Partial<Record<Namespace | 'outside', string>> = {
  container: 'a network namespace of its own',
  host: "the host's namespace",
}

/** A task calls on loopback what a sibling listens on, and they are not in one namespace. */
function divided(
  calls: readonly Called[],
  listens: readonly Said[],
  { tasks }: GroupSpec,
  spaces: Readonly<Record<string, Namespace>>,
) {
  const beside = new Set(tasks.filter(lasting).map(({ name }) => name))
  for (const call of calls) {
    const from = spaces[call.task]
    if (!loops(call.host) || (from !== 'container' && from !== 'host')) continue
    const heard = listens.filter(
      ({ port, task: name }) => port === call.port && (beside.has(name) || name === call.task),
    )
    const [there] = heard
    const to = spaces[there?.task ?? '']
    if (!there || heard.some(({ task: name }) => name === call.task || spaces[name] === 'unsure')) continue
    if ((to === 'container' && from === 'container') || (to === 'host' && from === 'container')) return { call, there }
  }
  return undefined
}

export const sameGroupNotSharedNetns = fault({
  id: 'same-group-not-shared-netns',
  aliases: ['mixed-namespace-siblings'],
  about: 'path',
  title: 'The tasks of the group do not share a loopback, because the group is in host mode',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
    "nc: can't connect to remote host (127.0.0.1): Connection refused",
  ],
  onlyWhen: { 'target.group.network.mode': ['host'], 'path.place': ['same-alloc'], 'path.discovery': ['localhost'] },
  needs: [
    'path.caller-namespace',
    'target.task.namespace',
    'source.task.spec',
    'target.task.spec',
    'target.group.spec',
  ],
  shows: ['target.group.spec', 'source.task.spec', 'target.task.spec'],
  holds: ({
    'path.caller-namespace': caller,
    'target.task.namespace': server,
    'source.task.spec': from,
    'target.task.spec': to,
    'target.group.spec': group,
  }) => {
    const [here, there] = [where[caller], where[server]]
    if (here === undefined || there === undefined || (caller === 'host' && server === 'host')) return false
    return caller === server
      ? `Group ${group.name} is in host mode, so docker gives ${from.name} and ${to.name} a network namespace each: 127.0.0.1 of ${from.name} is not that of ${to.name}`
      : `Group ${group.name} is in host mode: task ${from.name} is in ${here}, ${to.name} in ${there}, so 127.0.0.1 of the one is not that of the other`
  },
  byHand:
    'docker inspect both containers: NetworkSettings.SandboxKey differs; or compare readlink /proc/<pid>/ns/net of both processes.',
  explains: [],
  because:
    "A group shares a network namespace only in the modes bridge and cni. In host mode Nomad creates none: exec tasks run in the namespace of the host, and every docker task gets one of its own on docker's bridge. Loopback never leaves a namespace, so localhost finds only what runs in the same one.",
  fix: ({ 'target.group.spec': group, 'target.task.spec': to }) => {
    const modes = group.tasks.filter(({ config }) => config['network_mode'] !== undefined)
    return [
      {
        do: `Set mode = "bridge" in the network of group ${group.name}, without a network_mode in the docker configs; the tasks then share 127.0.0.1 and use the port inside`,
        on: 'job file',
        risk: 'The allocation is replaced; bridge mode needs the CNI plug-ins on the client',
        ...edits(
          [
            group.network
              ? set(group.network, 'mode', 'bridge')
              : add(group, { type: 'network', attrs: [['mode', 'bridge']], once: true }, 'task'),
            ...modes.map(({ config }) => unset(config, 'network_mode')),
          ],
          'the network is not written out',
        ),
      },
      {
        do: `Or stay in host mode, list the port in config.ports of task ${to.name}, and connect to NOMAD_ADDR_<label>`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking',
    'https://github.com/hashicorp/nomad/issues/9777',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'two containers in host mode',
      given: {
        'target.group.network.mode': 'host',
        'path.place': 'same-alloc',
        'path.discovery': 'localhost',
        'path.caller-namespace': 'container',
        'target.task.namespace': 'container',
        'source.task.spec': task({ name: 'app' }),
        'target.task.spec': task(),
        'target.group.spec': group(),
      },
      then: 'present',
    },
    {
      name: 'both in the namespace of the host',
      given: {
        'target.group.network.mode': 'host',
        'path.place': 'same-alloc',
        'path.discovery': 'localhost',
        'path.caller-namespace': 'host',
        'target.task.namespace': 'host',
        'source.task.spec': task({ name: 'app' }),
        'target.task.spec': task(),
        'target.group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'a bridge group shares its namespace',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'same-alloc',
        'path.discovery': 'localhost',
        'path.caller-namespace': 'group',
        'target.task.namespace': 'group',
        'source.task.spec': task({ name: 'app' }),
        'target.task.spec': task(),
        'target.group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'the caller is elsewhere',
      given: {
        'target.group.network.mode': 'host',
        'path.place': 'other-client',
        'path.discovery': 'localhost',
        'path.caller-namespace': 'container',
        'target.task.namespace': 'container',
        'source.task.spec': task({ name: 'app' }),
        'target.task.spec': task(),
        'target.group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'the caller uses the host address',
      given: {
        'target.group.network.mode': 'host',
        'path.place': 'same-alloc',
        'path.discovery': 'env-variable',
        'path.caller-namespace': 'container',
        'target.task.namespace': 'container',
        'source.task.spec': task({ name: 'app' }),
        'target.task.spec': task(),
        'target.group.spec': group(),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['host'] },
    needs: ['group.calls', 'group.listens', 'group.spec', 'group.task-namespaces'],
    shows: ['group.calls', 'group.listens'],
    holds: ({
      'group.calls': calls,
      'group.listens': listens,
      'group.spec': spec,
      'group.task-namespaces': spaces,
    }) => {
      const found = divided(calls, listens, spec, spaces)
      return found
        ? {
            says: `Task ${found.call.task} calls ${found.there.task} at ${found.call.host}:${found.call.port}, but group ${spec.name} is in host mode, where ${found.call.task} has a network namespace of its own`,
            at: found.call.at,
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => {
      const { name } = spec
      return [
        {
          do: `Set mode = "bridge" in the network of group ${name}: then its tasks share one loopback`,
          on: 'job file',
          risk: 'The allocation is replaced; its ports are mapped instead of bound on the client',
          ...edits(
            [
              spec.network
                ? set(spec.network, 'mode', 'bridge')
                : add(spec, { type: 'network', attrs: [['mode', 'bridge']] }, 'task'),
            ],
            'the network is not written out',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'two containers, and redis on loopback',
        given: {
          'group.network.mode': 'host',
          'group.calls': [called()],
          'group.listens': [said({ task: 'redis', port: 6379, by: 'image' })],
          'group.spec': group({ tasks: [task(), task({ name: 'redis' })] }),
          'group.task-namespaces': { server: 'container', redis: 'container' },
        },
        then: 'present',
      },
      {
        name: "both are in the host's namespace",
        given: {
          'group.network.mode': 'host',
          'group.calls': [called()],
          'group.listens': [said({ task: 'redis', port: 6379 })],
          'group.spec': group({ tasks: [task(), task({ name: 'redis', driver: 'exec' })] }),
          'group.task-namespaces': { server: 'host', redis: 'host' },
        },
        then: 'absent',
      },
      {
        name: 'a bridge group shares it',
        given: {
          'group.network.mode': 'bridge',
          'group.calls': [],
          'group.listens': [],
          'group.spec': group(),
          'group.task-namespaces': {},
        },
        then: 'absent',
      },
    ],
  },
})
