import { networked, routes } from '../../crossing-samples.ts'
import { fault, type FixStep } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { Route } from '../../shapes/packet.ts'

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
/** The address for whose network the kernel made the route by itself, with its prefix. */
const addressBehind = ({ protocol, prefsrc, prefix }: Route): string | undefined =>
  protocol === 'kernel' && prefsrc !== undefined ? `${prefsrc}/${prefix}` : undefined

function withoutAddress(route: Route | null, on: string): readonly FixStep[] {
  const own = route && addressBehind(route)
  return own && route.dev !== undefined
    ? [
        {
          do: `Take the address ${own} off ${route.dev}, if nobody needs it: its network lies within that of the bridge`,
          on,
          run: ['ip', 'addr', 'del', own, 'dev', route.dev],
          risk: 'Whoever calls the client by that address does not reach it any more',
        },
      ]
    : []
}

const given = {
  ...networked(),
  'alloc.host-route': vpn,
  'alloc.record': record('6b235529', { address: '172.26.64.2' }),
  'alloc.docker-claims': null,
} as const

export const subnetOverlapVpn = fault({
  id: 'subnet-overlap-vpn',
  about: 'alloc',
  title: "Another network claims the bridge's subnet: packets for the allocation leave by its interface",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['<network> dev <tun> scope link', 'No route to host'],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.host-route', 'alloc.uplink', 'alloc.record', 'alloc.docker-claims'],
  shows: ['alloc.host-route'],
  holds: ({
    'alloc.host-route': route,
    'alloc.uplink': link,
    'alloc.record': { address },
    'alloc.docker-claims': docker,
  }) => {
    // That is subnet-overlap-docker.
    if (docker !== null) return false
    // A bridge that is down or without address has no route of its own: then the default route shows, and that is another fault.
    if (
      !route ||
      route.dst === 'default' ||
      !link?.bridge?.up ||
      link.bridge.addresses.length === 0 ||
      route.dev === link.bridge.name
    )
      return false
    const own = addressBehind(route)
    return `On ${link.node} packets for ${address ?? 'the allocation'} follow the route ${route.dst} dev ${route.dev ?? '?'}${own === undefined ? '' : `, which the kernel made for the address ${own} of that interface,`} instead of ${link.bridge.name} (${link.bridge.addresses.join(', ')})`
  },
  byHand: 'On the client: ip route get <address of the allocation> has to say dev <bridge>.',
  explains: ['nsd-check-failing', 'node-to-node-blocked'],
  because:
    "Nomad's bridge uses 172.26.64.0/20 unless configured otherwise, and a VPN, a peering, an office network or another interface of the client may use a part of it. The more specific route wins, whoever made it: when the other network's route is narrower than the bridge's, the client sends packets for its own allocations into the VPN, its health checks included. Allocations on the same bridge still reach each other.",
  fix: ({ 'alloc.uplink': link, 'alloc.host-route': route }) => [
    ...withoutAddress(route, `client ${link?.node ?? ''}`),
    {
      do: `Give the bridge a subnet nobody else uses: bridge_network_subnet, outside of ${route?.dst ?? 'the other network'}`,
      on: 'client configuration',
      risk: 'Drain the client first: allocations keep their old addresses',
    },
    {
      do: 'Until then, let the other side announce no route inside of that subnet',
      on: `client ${link?.node ?? ''}`,
      risk: 'Machines of that network are not reached from the client',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet'],
  since: '0.1.0',
  examples: [
    { name: 'the route of a VPN is more specific', given, then: 'present' },
    {
      name: 'an interface of the client has an address within the subnet',
      given: {
        ...given,
        'alloc.host-route': {
          ...vpn,
          dst: '172.26.64.0/25',
          prefix: 25,
          dev: 'eth1',
          protocol: 'kernel',
          prefsrc: '172.26.64.100',
        },
      },
      then: 'present',
    },
    {
      name: 'the route of the bridge wins',
      given: { ...given, 'alloc.host-route': { ...vpn, dst: '172.26.64.0/20', dev: 'nomad' } },
      then: 'absent',
    },
    {
      name: 'the bridge is down, so that the default route shows',
      given: {
        ...given,
        ...networked({ bridge: { name: 'nomad', up: false, addresses: ['172.26.64.1/20'], callsIptables: false } }),
      },
      then: 'absent',
    },
    {
      name: 'it is the bridge of a docker network',
      given: { ...given, 'alloc.host-route': { ...vpn, dev: 'br-23dea409a11e' }, 'alloc.docker-claims': 'clash' },
      then: 'absent',
    },
    { name: 'there is no route at all', given: { ...given, 'alloc.host-route': null }, then: 'absent' },
    { name: 'host networking has no bridge', given: { ...given, 'alloc.namespace-kind': 'host' }, then: 'absent' },
    { name: 'the allocation does not run', given: { ...given, 'alloc.status': 'failed' }, then: 'absent' },
  ],
})
