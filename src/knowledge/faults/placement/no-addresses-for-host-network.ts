import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from './examples.ts'

const short = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'dimensions', /^network: no addresses available for (.*) network$/)

export const noAddressesForHostNetwork = fault({
  id: 'no-addresses-for-host-network',
  about: 'group',
  title: 'A client has no address in the host network that a port asks for',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Dimension "network: no addresses available for <name> network" exhausted on <n> nodes',
    'network: no addresses available for <name> network',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const [first] = short(refusals)
    const name = first?.words[0] ?? ''
    return first
      ? {
          says: `${clients(first.count)} ${first.count === 1 ? 'has' : 'have'} no address in host network "${name || 'default'}"`,
          severity: grave(placement),
        }
      : false
  },
  byHand:
    'nomad node status -verbose <node> on each client: which ones list the host network of the port, and with which address?',
  explains: [],
  because:
    'The scheduler checks host networks once per class of clients and remembers the answer. Host networks are not part of what makes the class, so a client without the network passes the check of its twin, and fails only when an address for the port is chosen. To the scheduler this looks like a resource that is used up; in truth the host_network block is missing on that client, or matches none of its addresses.',
  fix: ({ 'group.refusals': refusals }) => [
    {
      do: `Define host_network "${short(refusals)[0]?.words[0] ?? ''}" with a matching cidr on every client of the class, and restart the agent there`,
      on: 'client configuration',
      risk: 'With any host_network block, bridge ports are no longer mapped on every address of the client',
    },
    {
      do: 'Or set clients apart that lack it, with node_class or meta, and constrain the job to the others',
      on: 'client configuration',
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block',
    'nomad/structs/network.go, AssignPorts',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'one client of the class lacks the network',
      given: {
        'group.placement': 'partly',
        'group.refusals': failure({
          constraintFiltered: { distinct_hosts: 1 },
          dimensionExhausted: { 'network: no addresses available for public network': 1 },
        }),
      },
      then: 'present',
    },
    {
      name: 'memory is short',
      given: { 'group.placement': 'not-placed', 'group.refusals': failure({ dimensionExhausted: { memory: 2 } }) },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
})
