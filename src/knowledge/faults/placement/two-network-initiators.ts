import { fault } from '../../fault.ts'

const both = /tasks (\S+) and (\S+) want to initiate networking/

export const twoNetworkInitiators = fault({
  id: 'two-network-initiators',
  about: 'alloc',
  title: 'Two drivers of the group both want to make its network namespace',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Unable to add allocation due to error: failed to configure network manager: tasks <a> and <b> want to initiate networking but only one driver can do so',
  ],
  needs: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const [, one, other] = both.exec(failed ?? '') ?? []
    return one === undefined
      ? false
      : `Tasks ${one} and ${other} use two drivers that each make a network namespace for the group: the client refuses the allocation`
  },
  byHand: 'nomad alloc status -json <alloc>: ClientDescription; the tasks have no events.',
  explains: ['alloc-rejected-by-client'],
  because:
    'Docker insists on making the network namespace of a group itself, with its pause container; so do a few external drivers. A group has one namespace, so only one of its drivers may do that. Two tasks of the same driver are fine, and so are drivers that merely join, such as exec, raw_exec, java and podman.',
  fix: () => [
    {
      do: 'Use one of the two drivers for all tasks, or put the tasks into two groups',
      on: 'job file',
      risk: 'Tasks in two groups no longer share loopback',
    },
  ],
  references: ['client/allocrunner/network_manager_linux.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'docker and another such driver',
      given: {
        'alloc.setup-failure':
          'Unable to add allocation due to error: failed to configure network manager: tasks web and vm want to initiate networking but only one driver can do so',
      },
      then: 'present',
    },
    { name: 'it runs', given: { 'alloc.setup-failure': null }, then: 'absent' },
  ],
})
