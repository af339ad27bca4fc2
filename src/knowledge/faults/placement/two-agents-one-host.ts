import { fault } from '../../fault.ts'

interface Node {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly eligible: boolean
  readonly address: string
  readonly datacenter: string
  readonly version: string
}

/** Two clients that are ready, with one address. */
function twins(nodes: readonly Node[]) {
  const ready = nodes.filter(
    ({ status, address }) => status === 'ready' && address !== '' && !address.startsWith('127.'),
  )
  return [...Map.groupBy(ready, ({ address }) => address)].find(([, own]) => own.length > 1)
}

const node = (name: string, address: string, status = 'ready'): Node => ({
  id: name,
  name,
  status,
  eligible: true,
  address,
  datacenter: 'dc1',
  version: '2.0.5',
})

export const twoAgentsOneHost = fault({
  id: 'two-agents-one-host',
  about: 'cluster',
  title: 'Two clients have one address: two agents on one machine, or an address given twice',
  layer: 'node',
  severity: 'risks',
  // Silent: each client is healthy, and neither knows of the other.
  heard: [],
  needs: ['cluster.nodes'],
  holds: ({ 'cluster.nodes': nodes }) => {
    const [address, own] = twins(nodes) ?? []
    return address === undefined || !own
      ? false
      : `Clients ${own.map(({ name, id }) => `${name} (${id.slice(0, 8)})`).join(' and ')} both have ${address}: what one gives out (ports, bridge, addresses), the other may give out again`
  },
  intended: 'on a test machine where each has a bridge, ports and folders of its own',
  byHand: 'nomad node status -verbose lists the addresses; on the machine, pgrep -a nomad shows two client agents.',
  explains: [],
  because:
    'A client hands out host ports, the addresses of its bridge and the chains of the firewall as if the machine were its own. A second client on it, such as a development agent beside the service, uses the same bridge name, the same address folder and the same ports without knowing. Port mappings then stand twice, and the older one gets the traffic of both. Two machines with one address look the same, and lose packets to each other.',
  fix: () => [
    {
      do: 'Stop one of the two agents; or give the second bridge_network_name, bridge_network_subnet, data_dir and a range of dynamic ports of its own',
      on: 'client configuration',
      risk: 'Allocations of the agent that stops are placed elsewhere',
    },
    {
      do: 'If these are two machines: give one another address',
      on: 'client',
      risk: 'Its allocations are cut off meanwhile',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_name',
    'https://developer.hashicorp.com/nomad/docs/deploy/production/requirements',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'two ready clients with one address',
      given: { 'cluster.nodes': [node('c1', '10.0.0.11'), node('dev', '10.0.0.11')] },
      then: 'present',
    },
    {
      name: 'each has its own',
      given: { 'cluster.nodes': [node('c1', '10.0.0.11'), node('c2', '10.0.0.12')] },
      then: 'absent',
    },
    {
      name: 'the older entry of a machine that was set up anew',
      given: { 'cluster.nodes': [node('c1', '10.0.0.11', 'down'), node('c1', '10.0.0.11')] },
      then: 'absent',
    },
  ],
})
