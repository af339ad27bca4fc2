import { edits, remove } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { task } from '../../samples.ts'

export const taskLevelNetworkBlock = fault({
  id: 'task-level-network-block',
  about: 'task',
  title: 'The network block stands inside the task, where it is deprecated',
  layer: 'job',
  severity: 'risks',
  heard: [
    'task network resources have been deprecated as of Nomad 0.12.0. Please configure networking via group network block.',
    'mbits has been deprecated as of Nomad 0.12.0. Please remove mbits from the network block',
    'task network resources have been deprecated as of Nomad 0.12.0. Please configure networking via group network stanza.',
  ],
  needs: ['task.spec'],
  holds: ({ 'task.spec': { name, networks } }) => {
    const labels = networks.flatMap(({ ports }) => ports.map(({ label }) => label))
    const [first] = networks
    return first
      ? {
          at: first,
          says:
            labels.length > 0
              ? `Task ${name} has a network block under resources with port ${labels.join(', ')}: it takes part in neither bridge mode nor host networks, and services of the group do not see its ports`
              : `Task ${name} has a network block without ports under resources: the network of a task is that of its group, and this block gives it none`,
        }
      : false
  },
  intended: 'where the task is reached by the address of its client alone',
  byHand: 'nomad job validate <file> warns of it; in nomad job inspect <job> the task has Resources.Networks.',
  explains: [],
  because:
    'Since Nomad 0.12 the network belongs to the group: one namespace, one set of ports, shared by all tasks. The older block under resources still works for plain host mode, but its ports have no host_network, exist in no bridge, get no NOMAD_ALLOC variables, and are found only by services of that task. It also makes the scheduler count bandwidth, so that placement may fail with "bandwidth exceeded".',
  fix: ({ 'task.spec': { name, driver, networks } }) =>
    networks.some(({ ports }) => ports.length > 0)
      ? [
          {
            do: `Move the port blocks into a network block of the group and delete mbits${driver === 'docker' ? `; in the docker config of ${name} list the labels in ports and turn port_map into to` : ''}`,
            on: 'job file',
            risk: 'The allocations are replaced; NOMAD_ADDR_<task>_<label> becomes NOMAD_ADDR_<label>',
            note: 'By hand: what the driver did with the ports, the group has to do otherwise',
          },
        ]
      : [
          {
            do: `Delete the network block under resources of task ${name}; a mode, where one is meant, stands in the network block of the group`,
            on: 'job file',
            risk: 'The allocations are replaced',
            ...edits(networks.map(remove), 'the block stands elsewhere'),
          },
        ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a port under resources',
      given: {
        'task.spec': task({
          networks: [{ mode: '', ports: [{ label: 'http', hostNetwork: 'default' }] }],
        }),
      },
      then: 'present',
    },
    {
      name: 'only bandwidth',
      given: { 'task.spec': task({ driver: 'exec', networks: [{ mode: '', ports: [] }] }) },
      then: 'present',
    },
    { name: 'the network belongs to the group', given: { 'task.spec': task() }, then: 'absent' },
  ],
})
