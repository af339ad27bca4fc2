import { edits, unset } from '../../edit.ts'
import { configList, configText } from '../../container.ts'
import { fault } from '../../fault.ts'
import { task } from '../../samples.ts'
import type { TaskSpec } from '../../shapes/job.ts'

/** What only an endpoint in a network of the operator's can have. */
const fixed = (task: TaskSpec): string | undefined =>
  ['ipv4_address', 'ipv6_address', 'mac_address'].find((key) => configText(task, key) !== '') ??
  (configList(task, 'network_aliases').length > 0 ? 'network_aliases' : undefined)

const aliased = task({ config: { network_aliases: ['pbx'] } })

export const staticContainerAddressInBridge = fault({
  id: 'static-container-address-in-bridge',
  about: 'task',
  title: 'The docker config asks for an address or alias that only a docker network of your own can give',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'network-scoped alias is supported only for containers in user defined networks',
    'network-scoped aliases are only supported for user-defined networks',
    'user specified IP address is supported on user defined networks only',
    'conflicting options: mac-address and the network mode',
  ],
  onlyWhen: { 'task.driver': ['docker'], 'task.namespace': ['group', 'container'] },
  needs: ['task.spec', 'task.namespace', 'task.started'],
  shows: ['task.spec'],
  holds: ({ 'task.spec': task, 'task.namespace': namespace, 'task.started': started }) => {
    const key = fixed(task)
    // On docker's own bridge an address for the card is allowed.
    if (key === undefined || (namespace === 'container' && (key === 'mac_address' || started === 'yes'))) return false
    return namespace === 'group'
      ? {
          at: [task.config, key],
          says: `Task ${task.name} sets ${key} in its docker config, but it is in the network namespace of its group, whose address and names are the group's: the setting has no effect`,
          severity: 'risks',
        }
      : {
          at: [task.config, key],
          says: `Task ${task.name} sets ${key} in its docker config, but it is on docker's default bridge: docker refuses to start the container`,
        }
  },
  intended: 'where nobody needs that address or name',
  byHand:
    'nomad alloc status <alloc>: event Driver Failure with "user defined networks" or "conflicting options"; or docker inspect of a running task shows neither the address nor the alias.',
  explains: [],
  because:
    "Aliases and fixed addresses are properties of an endpoint in a network made with docker network create, which has a name service and a subnet you chose. In a bridge group the container has no endpoint at all, for it joins the pause container: the options fall away, and older releases refuse a mac_address there. On docker's default bridge there is no name service and the engine gives out the addresses, so docker refuses an address or an alias.",
  fix: ({ 'task.spec': task }) => {
    const key = fixed(task)
    return [
      {
        do: `Delete ${key ?? ''} from task ${task.name}; let others find it by its service`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(key === undefined ? undefined : [unset(task.config, key)], 'it is not written out', true),
      },
      {
        do: 'Where a fixed address is needed, use a CNI network with static addresses as the network mode of the group',
        on: 'job file',
        risk: 'Every client needs that CNI network',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#network_aliases',
    'drivers/docker/driver.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: "an alias on docker's bridge of a task that runs",
      given: { 'task.started': 'yes', 'task.driver': 'docker', 'task.namespace': 'container', 'task.spec': aliased },
      then: 'absent',
    },
    {
      name: 'an alias in a bridge group',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'group', 'task.spec': aliased },
      then: 'present',
    },
    {
      name: "a fixed address on docker's bridge",
      given: {
        'task.started': 'no',
        'task.driver': 'docker',
        'task.namespace': 'container',
        'task.spec': task({ config: { ipv4_address: '172.17.0.50' } }),
      },
      then: 'present',
    },
    {
      name: "a card address on docker's bridge",
      given: {
        'task.started': 'no',
        'task.driver': 'docker',
        'task.namespace': 'container',
        'task.spec': task({ config: { mac_address: '02:42:ac:11:00:32' } }),
      },
      then: 'absent',
    },
    {
      name: 'in a network of the operator',
      given: { 'task.started': 'no', 'task.driver': 'docker', 'task.namespace': 'elsewhere', 'task.spec': aliased },
      then: 'absent',
    },
    {
      name: 'another driver',
      given: { 'task.started': 'no', 'task.driver': 'podman', 'task.namespace': 'group', 'task.spec': aliased },
      then: 'absent',
    },
  ],
})
