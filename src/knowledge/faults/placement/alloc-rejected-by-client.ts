import { fault } from '../../fault.ts'
import { quoted } from '../../quoted.ts'

const refused = /^Unable to add allocation due to error: (.*)$/s

/** Known causes, and what to do about each. Source: client/allocrunner/network_manager_linux.go. */
const cures: readonly (readonly [RegExp, string, 'job file' | 'client configuration'])[] = [
  [
    /hostname cannot be set on task group using "([^"]*)" networking mode/,
    'Remove hostname from the network block, or use mode = "bridge" with docker tasks only',
    'job file',
  ],
  [
    /hostname is not currently supported on driver/,
    'Remove hostname from the network block: every task of the group would have to use docker',
    'job file',
  ],
  [
    /task (\S+) does not support "([^"]*)" networking mode/,
    'Upgrade the plugin of that task driver, or use mode = "host"',
    'client configuration',
  ],
  [
    /want to initiate networking but only one driver can do so/,
    'Use one container driver for all tasks of the group',
    'job file',
  ],
  [
    /failed to initialize network configurator/,
    'Put the CNI configuration of that name back into cni_config_dir of the client: it is looked up for each allocation',
    'client configuration',
  ],
]
const cure = (text: string) => cures.find(([words]) => words.test(text))

export const allocRejectedByClient = fault({
  id: 'alloc-rejected-by-client',
  about: 'alloc',
  title: 'The client refuses the allocation before any task exists',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Unable to add allocation due to error: <error>',
    'Unable to add allocation due to error: failed to initialize network configurator: <error>',
    'No message',
  ],
  needs: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const [, why] = refused.exec(failed ?? '') ?? []
    return why === undefined ? false : `The client refused the allocation: ${quoted(why, 220)}`
  },
  byHand:
    'nomad alloc status -json <alloc>: read ClientDescription; the tasks have no events, so the ordinary output only says "No message".',
  explains: [],
  because:
    "Before a client starts an allocation it builds the hooks that will set up its network. If that fails - a driver that cannot join the group's namespace, a hostname where none can be set, a CNI network that is gone - the allocation counts as failed at once and no task gets an event. The reason stands only in ClientDescription. The scheduler places a replacement, which fails in the same way.",
  fix: ({ 'alloc.setup-failure': failed }) => {
    const [, step, on] = cure(failed ?? '') ?? []
    return [
      {
        do: step ?? 'Change what the message names, in the job or on the client, and run the job again',
        on: on ?? 'job file',
        risk: 'The allocations of the group are replaced',
      },
    ]
  },
  references: [
    'client/client.go, addAlloc',
    'client/allocrunner/network_manager_linux.go',
    'https://github.com/hashicorp/nomad/issues/18851',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a hostname in host mode',
      given: {
        'alloc.setup-failure':
          'Unable to add allocation due to error: failed to configure network manager: hostname cannot be set on task group using "host" networking mode',
      },
      then: 'present',
    },
    {
      name: 'the CNI network is gone',
      given: {
        'alloc.setup-failure':
          'Unable to add allocation due to error: failed to initialize network configurator: no such network',
      },
      then: 'present',
    },
    {
      name: 'the network could not be set up',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to create network for alloc: no space left',
      },
      then: 'absent',
    },
    { name: 'it runs', given: { 'alloc.setup-failure': null }, then: 'absent' },
  ],
})
