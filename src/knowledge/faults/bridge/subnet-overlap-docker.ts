import { clientOf } from '../../clients.ts'
import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import type { BridgePlan } from '../../shapes/crossing.ts'

const plan = (changed: Partial<BridgePlan> = {}): BridgePlan => ({
  name: 'nomad',
  subnet: '172.17.0.0/20',
  wrong: [],
  around: null,
  docker: true,
  ...changed,
})

export const subnetOverlapDocker = fault({
  id: 'subnet-overlap-docker',
  about: 'node',
  title: "A docker network has addresses of the subnet of Nomad's bridge",
  layer: 'bridge',
  severity: 'breaks',
  // Silent: both networks are made, and packets for the overlapping addresses take the more precise route.
  heard: [],
  needs: ['node.docker.overlap', 'node.bridge.plan'],
  shows: ['node.docker.overlap'],
  holds: ({ 'node.docker.overlap': found, 'node.bridge.plan': { name, subnet } }) =>
    found
      ? `Docker network ${found.network} has ${found.subnet}, which shares addresses with ${subnet} of bridge ${name}: packets for them go to one of the two only`
      : false,
  intended: 'where docker has another bridge subnet (bip in daemon.json), or none of its containers uses its bridge',
  byHand:
    "On the client: docker network inspect of each network, and ip route: a docker subnet and that of Nomad's bridge overlap.",
  explains: ['nsd-check-failing', 'node-to-node-blocked'],
  because:
    "The kernel chooses the most precise route. Where a docker network and Nomad's bridge share addresses, packets for containers of the one go to the bridge of the other and find nobody. Docker avoids subnets that have a route when it makes a network, but Nomad's bridge appears only with the first allocation, and subnets that are written out are not checked at all.",
  fix: ({ 'node.docker.overlap': found }) => [
    {
      do: `Give docker network ${found?.network ?? ''} another subnet, or Nomad's bridge another bridge_network_subnet`,
      on: 'client',
      risk: 'Containers of the network, or all bridge allocations of the client, are made anew',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet',
    'https://github.com/moby/moby/issues/46615',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a compose network took 172.26.0.0/16',
      given: {
        'node.docker.overlap': { network: 'shop', subnet: '172.26.0.0/16' },
        'node.bridge.plan': plan({ subnet: '172.26.64.0/20', docker: false }),
      },
      then: 'present',
    },
    {
      name: 'no overlap',
      given: { 'node.docker.overlap': null, 'node.bridge.plan': plan({ subnet: '172.26.64.0/20', docker: false }) },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'node',
    needs: ['node.bridge.plan', 'node.agent'],
    holds: ({ 'node.bridge.plan': { subnet, docker }, 'node.agent': agent }) =>
      docker
        ? {
            says: `The bridge of Nomad is to have ${subnet}, which shares addresses with docker's own bridge, 172.17.0.0/16`,
            at: [clientOf(agent), 'bridge_network_subnet'],
            severity: 'risks',
          }
        : false,
    fix: ({ 'node.agent': agent }) => [
      {
        do: 'Take a bridge_network_subnet outside 172.17.0.0/16 (without one it is 172.26.64.0/20), or give docker another one (bip in daemon.json)',
        on: 'client configuration',
        risk: 'The client agent has to be restarted; the bridge is made anew only without bridge allocations',
        ...edits([unset(clientOf(agent), 'bridge_network_subnet')], 'it is not written out'),
      },
    ],
    examples: [
      { name: 'inside docker0', given: { 'node.bridge.plan': plan(), 'node.agent': { Client: {} } }, then: 'present' },
      {
        name: 'apart',
        given: { 'node.bridge.plan': plan({ docker: false }), 'node.agent': { Client: {} } },
        then: 'absent',
      },
    ],
  },
})
