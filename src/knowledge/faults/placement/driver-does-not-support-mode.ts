import { fault } from '../../fault.ts'

const unsupported = /task (\S+) does not support "([^"]*)" networking mode/

const text =
  'Unable to add allocation due to error: failed to configure network manager: task web does not support "bridge" networking mode'

export const driverDoesNotSupportMode = fault({
  id: 'driver-does-not-support-mode',
  about: 'alloc',
  title: 'A task driver cannot join the network namespace of the group',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'driver <driver> does not implement network management RPCs',
    'Unable to add allocation due to error: failed to configure network manager: task <task> does not support "<mode>" networking mode',
  ],
  needs: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const [, task, mode] = unsupported.exec(failed ?? '') ?? []
    return task === undefined
      ? false
      : `The driver of task ${task} does not know network mode "${mode}": the client refuses the allocation`
  },
  byHand: 'nomad alloc status -json <alloc>: ClientDescription; the tasks have no events.',
  explains: ['alloc-rejected-by-client'],
  because:
    'Every driver tells the client which kinds of network isolation it can work in. All drivers that come with Nomad can join the namespace of a group; some external plugins, or old versions of them, know the host namespace only. The client asks before it starts anything, and refuses the whole allocation when one task cannot.',
  fix: ({ 'alloc.setup-failure': failed }) => [
    {
      do: `Upgrade the plugin of the driver that task ${unsupported.exec(failed ?? '')?.[1] ?? ''} uses, and restart the agent`,
      on: 'client',
      risk: 'Running tasks of that driver may be interrupted',
    },
    { do: 'Or use mode = "host" for the group', on: 'job file', risk: 'The tasks share the network of the client' },
  ],
  references: [
    'client/allocrunner/network_manager_linux.go',
    'https://github.com/hashicorp/nomad-driver-podman/issues/20',
  ],
  since: '0.1.0',
  examples: [
    { name: 'an old plugin in a bridge group', given: { 'alloc.setup-failure': text }, then: 'present' },
    {
      name: 'refused for another reason',
      given: {
        'alloc.setup-failure':
          'Unable to add allocation due to error: failed to initialize network configurator: no such network',
      },
      then: 'absent',
    },
    { name: 'it runs', given: { 'alloc.setup-failure': null }, then: 'absent' },
  ],
})
