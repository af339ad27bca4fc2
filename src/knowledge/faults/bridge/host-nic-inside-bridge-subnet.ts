import type { BridgePlan } from '../../shapes/crossing.ts'
import { clientOf } from '../../clients.ts'
import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'

const shadow = {
  node: 'c1',
  address: '172.26.65.200',
  bridge: 'nomad',
  network: '172.26.64.1/20',
  nic: 'eth1',
} as const

const plan = (around: BridgePlan['around']): BridgePlan => ({
  name: 'nomad',
  subnet: '10.20.64.0/20',
  wrong: [],
  around,
  docker: false,
})

export const hostNicInsideBridgeSubnet = fault({
  id: 'host-nic-inside-bridge-subnet',
  about: 'path',
  title: "The target's address lies inside the subnet of the source's bridge",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['No route to host', 'Destination Host Unreachable'],
  needs: ['path.shadowed'],
  holds: ({ 'path.shadowed': shadow }) =>
    shadow
      ? `${shadow.address} lies inside ${shadow.network}, the network of bridge ${shadow.bridge} on ${shadow.node}${shadow.nic === null ? '' : ` (and ${shadow.nic} of the client is in it too)`}, so the source looks for it on the bridge and never asks its gateway`
      : false,
  byHand:
    'In the allocation: ip route get <address of the target> says dev eth0 without via; on the client: ip addr shows an interface with an address inside the subnet of the bridge.',
  explains: ['node-to-node-blocked'],
  because:
    'An allocation takes every address of its own subnet for a neighbour on the bridge and asks for it there instead of sending the packet to its gateway. When the target\'s network lies inside of 172.26.64.0/20, or whatever bridge_network_subnet says, nobody answers: "No route to host" after some seconds, or at once. The client itself reaches the machine, as its own interface has the narrower route.',
  fix: ({ 'path.shadowed': shadow }) => [
    {
      do: `Give the bridge a subnet that does not contain ${shadow?.address ?? 'the target'}: bridge_network_subnet`,
      on: 'client configuration',
      risk: 'Drain the client first: allocations keep their old addresses',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet'],
  since: '0.1.0',
  examples: [
    { name: 'the second network card is inside', given: { 'path.shadowed': shadow }, then: 'present' },
    { name: 'a remote network is inside', given: { 'path.shadowed': { ...shadow, nic: null } }, then: 'present' },
    { name: 'the target is outside', given: { 'path.shadowed': null }, then: 'absent' },
  ],
  foretold: {
    about: 'node',
    needs: ['node.bridge.plan', 'node.agent'],
    holds: ({ 'node.bridge.plan': { subnet, around }, 'node.agent': agent }) =>
      around
        ? {
            says: `Host network ${around.name} (${around.cidr}) shares addresses with ${subnet} of Nomad's bridge: packets for machines there never leave the client`,
            at: [clientOf(agent), 'bridge_network_subnet'],
          }
        : false,
    fix: ({ 'node.agent': agent }) => [
      {
        do: 'Take a bridge_network_subnet that no network of the machines uses (without one it is 172.26.64.0/20)',
        on: 'client configuration',
        risk: 'The client agent has to be restarted; the bridge is made anew only without bridge allocations',
        ...edits([unset(clientOf(agent), 'bridge_network_subnet')], 'it is not written out'),
      },
    ],
    examples: [
      {
        name: 'the LAN lies in it',
        given: { 'node.bridge.plan': plan({ name: 'lan', cidr: '10.20.64.0/22' }), 'node.agent': {} },
        then: 'present',
      },
      { name: 'apart', given: { 'node.bridge.plan': plan(null), 'node.agent': {} }, then: 'absent' },
    ],
  },
})
