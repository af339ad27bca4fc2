import type { Facts } from '../../facts.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'

/** Ways that lead over the loopback of the source's own group. */
const local: readonly Facts['path.discovery'][] = ['localhost', 'env-variable', 'mesh-upstream', 'transparent-proxy']

const mode = (config: Readonly<Record<string, unknown>>): string | undefined => {
  const own = config['network_mode']
  return typeof own === 'string' && own !== '' ? own : undefined
}

export const dockerNetworkModeOverridesGroup = fault({
  id: 'docker-network-mode-overrides-group',
  about: 'path',
  title: "The docker task leaves the group's network, because it has a network_mode of its own",
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
    'upstream connect error or disconnect/reset before headers',
  ],
  onlyWhen: { 'target.group.network.mode': ['bridge', 'cni'] },
  needs: [
    'target.task.spec',
    'target.task.namespace',
    'target.group.spec',
    'path.caller-namespace',
    'path.place',
    'path.discovery',
    'path.port',
  ],
  shows: ['target.task.spec', 'target.group.spec'],
  holds: ({
    'target.task.spec': server,
    'target.task.namespace': namespace,
    'target.group.spec': spec,
    'path.caller-namespace': caller,
    'path.place': place,
    'path.discovery': way,
    'path.port': { mapped },
  }) => {
    const own = server.driver === 'docker' ? mode(server.config) : undefined
    const inside = place === 'same-alloc'
    // What the group's ports and loopback lead to is the group's namespace, where this task is not.
    if (
      own !== undefined &&
      namespace !== 'group' &&
      (inside ? local.includes(way) && caller !== namespace : mapped !== null)
    )
      return `Task ${server.name} has network_mode = "${own}" in its docker config, so it is not in the network namespace of group ${spec.name}, where ${inside ? 'the other tasks' : `port ${mapped?.label}`} look${inside ? '' : 's'} for it`
    if (
      inside &&
      namespace === 'group' &&
      caller !== 'group' &&
      caller !== 'outside' &&
      caller !== 'unsure' &&
      local.includes(way)
    )
      return `The calling task has a network_mode of its own in its docker config, so it is not in the network namespace of group ${spec.name}, where ${server.name} listens`
    return false
  },
  byHand: 'docker inspect <task>-<alloc id>: HostConfig.NetworkMode is not container:<id of nomad_init_<alloc id>>.',
  explains: ['connect-docker-network-mode'],
  because:
    "In a bridge group the containers join one namespace, that of the pause container, and all port mappings of the group lead there. A network_mode in the docker config wins over that: the container goes to docker's bridge, or to the host, alone. Its loopback is then not the loopback of its siblings, and the ports of the group end where it does not listen.",
  fix: ({ 'target.task.spec': server }) => [
    {
      do: `Delete network_mode from the docker config of task ${mode(server.config) === undefined ? 'that has it' : server.name}, and its ports list with it`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker',
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a sibling looks for it on localhost',
      given: {
        'target.group.network.mode': 'bridge',
        'target.task.spec': task({ config: { network_mode: 'bridge' } }),
        'target.task.namespace': 'container',
        'target.group.spec': group(),
        'path.caller-namespace': 'group',
        'path.place': 'same-alloc',
        'path.discovery': 'localhost',
        'path.port': { label: null, number: 6379, mapped: null },
      },
      then: 'present',
    },
    {
      name: 'both are in the namespace of the group',
      given: {
        'target.group.network.mode': 'bridge',
        'target.task.spec': task(),
        'target.task.namespace': 'group',
        'target.group.spec': group(),
        'path.caller-namespace': 'group',
        'path.place': 'same-alloc',
        'path.discovery': 'localhost',
        'path.port': { label: null, number: 6379, mapped: null },
      },
      then: 'absent',
    },
    {
      name: 'in host mode there is no namespace of the group to leave',
      given: {
        'target.group.network.mode': 'host',
        'target.task.spec': task({ config: { network_mode: 'host' } }),
        'target.task.namespace': 'host',
        'target.group.spec': group(),
        'path.caller-namespace': 'group',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.port': { label: null, number: 6379, mapped: null },
      },
      then: 'absent',
    },
  ],
})
