import { fault } from '../../fault.ts'

const full = /no IP addresses available in range set: (\S+)/

export const ipamExhausted = fault({
  id: 'ipam-exhausted',
  about: 'alloc',
  title: 'The bridge subnet of the client has no free address left',
  layer: 'bridge',
  severity: 'breaks',
  heard: [
    'failed to allocate for range 0: no IP addresses available in range set: <first>-<last>',
    'no IP addresses available in range set',
  ],
  needs: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const [, range] = full.exec(failed ?? '') ?? []
    return range === undefined
      ? false
      : `Every address of ${range.replace(/[.,;]$/, '')} is given away, so the allocation got none`
  },
  byHand:
    'On the client: ls /var/run/cni/nomad (before 1.9.4 /var/lib/cni/networks/nomad): one file per address, holding an allocation id. Ids that nomad node status does not list as running are leaks.',
  explains: [],
  because:
    'The plugin host-local hands each allocation in bridge mode one address of bridge_network_subnet and writes a file for it. A /20 holds 4093, a /29 only five: network, gateway and broadcast address are not for allocations. When running allocations have them all the subnet is too small; when files of dead allocations are left, after a crash or a reboot, the addresses are lost until somebody removes them.',
  fix: () => [
    {
      do: 'If files in the folder name allocations that no longer run, remove these files while no allocation starts on the client',
      on: 'client',
      risk: 'Removing the file of a living allocation gives its address away twice',
    },
    {
      do: 'If all are alive: drain the client, set a larger bridge_network_subnet, restart the agent, end the drain',
      on: 'client configuration',
      risk: 'The drain moves every allocation of the client',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet',
    'https://www.cni.dev/plugins/current/ipam/host-local/',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a small subnet is full',
      given: {
        'alloc.setup-failure':
          'failed to setup alloc: pre-run hook "network" failed: failed to configure networking for alloc: failed to configure network: plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.66.0.1-10.66.0.6',
      },
      then: 'present',
    },
    {
      name: 'an address was given twice',
      given: {
        'alloc.setup-failure':
          'failed to allocate for range 0: 10.66.0.5 has been allocated to a1, duplicate allocation is not allowed',
      },
      then: 'absent',
    },
    { name: 'it got an address', given: { 'alloc.setup-failure': null }, then: 'absent' },
  ],
})
