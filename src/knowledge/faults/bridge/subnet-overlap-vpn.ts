import { routes } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Claim } from '../../shapes/crossing.ts'

const [, own] = routes
const vpn = {
  ...own,
  dst: '172.26.64.0/22',
  prefix: 22,
  dev: 'tun0',
  family: 4,
  table: 'main',
  type: 'unicast',
  metric: 0,
  hops: [],
  flags: [],
} as const
const claim: Claim = {
  node: 'c1',
  address: '172.26.64.2',
  bridge: 'nomad',
  networks: ['172.26.64.1/20'],
  route: vpn,
  own: null,
}

export const subnetOverlapVpn = fault({
  id: 'subnet-overlap-vpn',
  about: 'alloc',
  title: "Another network claims the bridge's subnet: packets for the allocation leave by its interface",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['<network> dev <tun> scope link', 'No route to host'],
  needs: ['alloc.claim'],
  // Where the interface has an address of its own there, that is host-nic-inside-bridge-subnet.
  holds: ({ 'alloc.claim': claim }) =>
    claim && claim.own === null
      ? `On ${claim.node} packets for ${claim.address} follow the route ${claim.route.dst} dev ${claim.route.dev ?? '?'} instead of ${claim.bridge} (${claim.networks.join(', ')})`
      : false,
  byHand: 'On the client: ip route get <address of the allocation> has to say dev <bridge>.',
  explains: ['nsd-check-failing', 'node-to-node-blocked'],
  because:
    "Nomad's bridge uses 172.26.64.0/20 unless configured otherwise, and a VPN, a peering or an office network may use a part of it. The more specific route wins, whoever made it: when the other network's route is narrower than the bridge's, the client sends packets for its own allocations into the VPN, its health checks included. Allocations on the same bridge still reach each other.",
  fix: ({ 'alloc.claim': claim }) => [
    {
      do: `Give the bridge a subnet nobody else uses: bridge_network_subnet, outside of ${claim?.route.dst ?? 'the other network'}`,
      on: 'client configuration',
      risk: 'Drain the client first: allocations keep their old addresses',
    },
    {
      do: 'Until then, let the other side announce no route inside of that subnet',
      on: `client ${claim?.node ?? ''}`,
      risk: 'Machines of that network are not reached from the client',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet'],
  since: '0.1.0',
  examples: [
    { name: 'the route of a VPN is more specific', given: { 'alloc.claim': claim }, then: 'present' },
    {
      name: 'an interface of the client has an address within the subnet',
      given: { 'alloc.claim': { ...claim, own: '172.26.64.100/25' } },
      then: 'absent',
    },
    { name: 'the bridge gets its packets', given: { 'alloc.claim': null }, then: 'absent' },
  ],
})
