import { fault } from '../../fault.ts'
import { grave } from '../../placement.ts'

export const noDefaultAlias = fault({
  id: 'no-default-alias',
  about: 'group',
  title: 'Clients offer no address of the default network, so no port can be placed there',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Constraint "missing host network "default" for port "<label>"": <n> nodes excluded by filter',
    'Dimension "network: no addresses available for default network" exhausted on <n> nodes',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.missing.host-networks', 'group.placement'],
  shows: ['group.missing.host-networks'],
  holds: ({ 'group.missing.host-networks': missing, 'group.placement': placement }) => {
    const found = missing.find(({ network }) => network === 'default')
    return found
      ? {
          says: `Port ${found.label} needs an address of the network "default", and clients that may run the group have none under that name`,
          severity: grave(placement),
        }
      : false
  },
  byHand:
    'nomad node status -verbose <node>: in Host Networks no address has the alias default; on the client, ip addr show <network_interface>.',
  explains: ['missing-host-network', 'computed-class-ineligible', 'ingress-absent-on-node'],
  because:
    'A port without host_network goes to the network default: the addresses of network_interface, or of the interface of the default route, as the agent saw them at its start. None bears that name when the interface had no address yet, when it has link-local ones only and these are forbidden, or, before Nomad 1.6.2, 1.5.9 and 1.4.13, when a host_network block claimed the address for itself.',
  fix: () => [
    {
      do: 'See that the interface has its address before the agent starts, and restart the agent',
      on: 'clients that were left out',
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running allocations go on',
    },
    {
      do: 'Where clients are older than 1.6.2 (1.5.9, 1.4.13) and have host_network blocks: upgrade them',
      on: 'clients that were left out',
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/pull/18096',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the default network is missing',
      given: {
        'group.placement': 'not-placed',
        'group.missing.host-networks': [{ network: 'default', label: 'http' }],
      },
      then: 'present',
    },
    {
      name: 'a named one is missing',
      given: {
        'group.placement': 'not-placed',
        'group.missing.host-networks': [{ network: 'public', label: 'http' }],
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.missing.host-networks': [] }, then: 'absent' },
  ],
})
