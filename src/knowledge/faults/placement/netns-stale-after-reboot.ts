import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'

const stale = /network namespace already exists but was misconfigured/

export const netnsStaleAfterReboot = fault({
  id: 'netns-stale-after-reboot',
  about: 'alloc',
  title: 'The network namespace of the allocation is left over from before a restart of the client',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to setup alloc: pre-run hook "network" failed: network namespace already exists but was misconfigured: <error>',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) =>
    stale.test(failed ?? '')
      ? `${nodeName} still has network state of this allocation from before, and cannot set it up again: ${(failed ?? '').replace(/\s+/g, ' ').slice(-160)}`
      : false,
  byHand:
    'nomad alloc status <alloc>: event Setup Failure; on the client ls /var/run/netns, and nsenter --net=<its file> ip addr.',
  explains: ['bridge-setup-generic-failure'],
  because:
    'After a reboot, or a restart of docker, the agent restores its allocations, but their interfaces, the bridge and the rules of the kernel are gone or made anew without them. The agent checks the namespace it finds, sees that it does not fit, tries once to set it up again, and gives up. The check needs Nomad 1.9.5 (Enterprise 1.8.10, 1.7.18) and CNI plugins of 1.3.0 or newer; without it the tasks run on without a network.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Replace the allocation: a new one starts with nothing left over',
      on: 'cluster',
      run: allocCommand('stop', record),
      risk: 'The allocation ends; another one is placed',
    },
    {
      do: 'Upgrade the CNI plugins to 1.3.0 or newer, and Nomad to 1.9.7, 1.8.11, 1.7.19 or newer; drain a client before you reboot it',
      on: 'client',
      risk: 'The agent restarts',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/16893',
    'https://github.com/hashicorp/nomad/issues/15763',
    'client/allocrunner/network_hook.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the namespace does not fit',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: network namespace already exists but was misconfigured: check failed',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'the address is still written down',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to configure networking for alloc: failed to configure network: plugin type="bridge" failed (add): failed to allocate for range 0: 172.26.64.5 has been allocated to 6b235529, duplicate allocation is not allowed',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
    {
      name: 'no address is left',
      given: {
        'alloc.setup-failure':
          'plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 172.26.64.1-172.26.64.6',
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
  ],
})
