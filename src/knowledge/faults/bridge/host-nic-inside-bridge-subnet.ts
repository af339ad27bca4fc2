import { clientOf } from '../../clients.ts'
import { edits, unset } from '../../edit.ts'
import { routes } from '../../crossing-samples.ts'
import { fault, type FixStep } from '../../fault.ts'
import type { BridgePlan, Claim } from '../../shapes/crossing.ts'

const shadow = {
  node: 'c1',
  address: '172.26.65.200',
  bridge: 'nomad',
  network: '172.26.64.1/20',
  nic: 'eth1',
} as const

const [, kernel] = routes
const claim: Claim = {
  node: 'c2',
  address: '172.26.64.2',
  bridge: 'nomad',
  networks: ['172.26.64.1/20'],
  route: {
    ...kernel,
    family: 4,
    dst: '172.26.64.0/25',
    prefix: 25,
    dev: 'eth1',
    protocol: 'kernel',
    prefsrc: '172.26.64.100',
    table: 'main',
    type: 'unicast',
    metric: 0,
    hops: [],
    flags: [],
  },
  own: '172.26.64.100/25',
}

const plan = (around: BridgePlan['around']): BridgePlan => ({
  name: 'nomad',
  subnet: '10.20.64.0/20',
  wrong: [],
  around,
  docker: false,
})

function withoutAddress({ own, route, node }: Claim): readonly FixStep[] {
  if (own === null || route.dev === undefined) return []
  return [
    {
      do: `Take the address ${own} off ${route.dev}, if nobody needs it: its network lies within that of the bridge`,
      on: `client ${node}`,
      run: ['ip', 'addr', 'del', own, 'dev', route.dev],
      risk: 'Whoever calls the client by that address does not reach it any more',
    },
  ]
}

export const hostNicInsideBridgeSubnet = fault({
  id: 'host-nic-inside-bridge-subnet',
  about: 'path',
  title: 'Another network on the way has addresses of the subnet of a bridge',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['No route to host', 'Destination Host Unreachable'],
  needs: ['path.shadowed'],
  holds: ({ 'path.shadowed': shared }) => {
    if (!shared) return false
    if ('own' in shared) {
      const { node, address, bridge, networks, route, own } = shared
      return `On ${node} packets for ${address} follow the route ${route.dst} dev ${route.dev ?? '?'}, which the kernel made for the address ${own ?? ''} of that interface, instead of ${bridge} (${networks.join(', ')})`
    }
    return `${shared.address} lies inside ${shared.network}, the network of bridge ${shared.bridge} on ${shared.node}${shared.nic === null ? '' : ` (and ${shared.nic} of the client is in it too)`}, so the source looks for it on the bridge and never asks its gateway`
  },
  byHand:
    'In the allocation: ip route get <address of the target> says dev eth0 without via. On the client: ip addr shows an interface with an address inside the subnet of the bridge, and ip route get <address of the allocation> has to say dev <bridge>.',
  explains: ['nsd-check-failing', 'node-to-node-blocked'],
  because:
    'An allocation takes every address of its own subnet for a neighbour on the bridge and asks for it there instead of sending the packet to its gateway. When the target\'s network lies inside of 172.26.64.0/20, or whatever bridge_network_subnet says, nobody answers: "No route to host" after some seconds, or at once. The client itself reaches the machine, as its own interface has the narrower route. Where the network of that interface holds addresses of allocations, the narrower route also takes what the client sends and forwards to them, its health checks included, out by the interface instead of to the bridge.',
  fix: ({ 'path.shadowed': shared }) => [
    ...(shared && 'own' in shared ? withoutAddress(shared) : []),
    {
      do: `Give the bridge a subnet ${shared && 'own' in shared ? `nobody else uses: bridge_network_subnet, outside of ${shared.route.dst}` : `that does not contain ${shared?.address ?? 'the target'}: bridge_network_subnet`}`,
      on: 'client configuration',
      risk: 'Drain the client first: allocations keep their old addresses',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet'],
  since: '0.1.0',
  examples: [
    { name: 'the second network card is inside', given: { 'path.shadowed': shadow }, then: 'present' },
    { name: 'a remote network is inside', given: { 'path.shadowed': { ...shadow, nic: null } }, then: 'present' },
    {
      name: "an interface of the allocation's client has its network",
      given: { 'path.shadowed': claim },
      then: 'present',
    },
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
