import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupSays } from '../../setup.ts'

export const ipamLeakReboot = fault({
  id: 'ipam-leak-reboot',
  about: 'alloc',
  title: 'An address is still written down for the allocation from before a restart of the client',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to allocate for range 0: <address> has been allocated to <allocation>, duplicate allocation is not allowed',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const [, address, owner = ''] = setupSays('ipam-leak-reboot', failed) ?? []
    return address === undefined
      ? false
      : `${nodeName} has ${address} written down for allocation ${owner.slice(0, 8)} from before, so the address plugin gives this allocation none`
  },
  byHand:
    'On the client: grep -l <alloc> /var/run/cni/nomad/* (before 1.9.4 /var/lib/cni/networks/nomad/*): a file with its id, while ip netns list does not show it.',
  explains: [],
  because:
    'The plugin host-local writes a file for each address it gives, with the id of the allocation. A reboot removes the namespaces; where the files lie on a disk they stay. The agent restores the same allocation and asks for an address again, and the plugin refuses a second one for one id. Since Nomad 1.9.4 (Enterprise 1.8.8 and 1.7.16) the files of mode bridge are in a folder that a reboot empties; a CNI network of your own keeps them on disk unless its dataDir says otherwise.',
  fix: ({ 'alloc.setup-failure': failed, 'alloc.record': record }) => [
    {
      do: 'Replace the allocation: a new one has a new id',
      on: 'cluster',
      run: allocCommand('stop', record),
      risk: 'The allocation ends; another one is placed',
    },
    {
      do: `Remove the file of ${setupSays('ipam-leak-reboot', failed)?.[1] ?? 'the address'} in the address folder, so that the address is free again`,
      on: `client ${record.nodeName}`,
      risk: 'Removing the file of a living allocation gives its address away twice',
    },
    {
      do: 'Upgrade Nomad to 1.9.7, 1.8.11, 1.7.19 or newer; in networks of your own set "dataDir": "/var/run/cni" in ipam',
      on: `client ${record.nodeName}`,
      risk: 'Change dataDir with a drained client only: addresses in use would be given away twice',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/15763',
    'https://github.com/hashicorp/nomad/pull/24650',
    'https://www.cni.dev/plugins/current/ipam/host-local/',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'restored after a reboot',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): failed to allocate for range 0: 172.26.64.5 has been allocated to 6b235529-8111-4bbe-520b-d639b1d2a94e, duplicate allocation is not allowed',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'no address is left',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 172.26.64.1-172.26.64.6',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.setup-failure': null, 'alloc.record': record('a1') },
      then: 'absent',
    },
  ],
})
