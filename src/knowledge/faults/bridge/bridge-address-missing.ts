import { networked, routes } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Uplink } from '../../shapes/crossing.ts'
import type { Route } from '../../shapes/packet.ts'
import { addressed, prefixOf, withGateway6 } from '../../own-bridge.ts'

const given = (but: Parameters<typeof networked>[0] = {}) =>
  ({ 'group.network.mode': 'bridge', ...networked(but), 'alloc.routes': routes, 'alloc.lost-gateway6': null }) as const
const six = { address: 'fd00:a110:c8::1', prefix: 80 }
const bridge = { name: 'nomad', up: true, addresses: [], callsIptables: false }

const lostGateway = (link: Uplink | null | undefined, own: readonly Route[] | undefined): string | undefined =>
  link?.bridge?.addresses.length === 0
    ? own?.find(({ dst, table }) => dst === 'default' && table === 'main')?.gateway
    : undefined

export const bridgeAddressMissing = fault({
  id: 'bridge-address-missing',
  about: 'alloc',
  title: "The bridge lacks the address that is the allocation's gateway",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['No route to host', 'Destination Host Unreachable'],
  onlyWhen: { 'group.network.mode': ['bridge'], 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink', 'alloc.routes', 'alloc.lost-gateway6'],
  holds: ({ 'alloc.uplink': link, 'alloc.routes': own, 'alloc.lost-gateway6': six }) => {
    const gateway = lostGateway(link, own)
    if (!link?.bridge || (gateway === undefined && !six)) return false
    const at = `on ${link.node} the bridge ${link.bridge.name} has no`
    if (!six) return `The gateway of the allocation is ${gateway}, and ${at} IPv4 address`
    return gateway === undefined
      ? {
          says: `The IPv6 gateway of the allocation is ${six.address}, and ${at} address in that network`,
          severity: 'degrades',
        }
      : `The gateways of the allocation are ${gateway} and ${six.address}, and ${at} address in either network`
  },
  byHand:
    'On the client: ip addr show <bridge> lacks the address that ip route in the allocation, or ip -6 route, shows as default via.',
  explains: ['nsd-check-failing'],
  because:
    "The bridge's own address is the gateway of every allocation behind it, and the client's route to them hangs on it. When the address is removed, packets of the client and of other machines do not find the allocations, and allocations do not find the way out; only two allocations on the same bridge still talk. The next allocation that starts puts the configured address back. Each family has an address of its own, and the kernel takes that of IPv6 away whenever the bridge is set down, even for a moment.",
  fix: ({ 'alloc.uplink': link, 'alloc.routes': own, 'alloc.lost-gateway6': six }) => {
    const gateway = lostGateway(link, own)
    return [
      ...(gateway === undefined && six
        ? []
        : [
            {
              do: 'Put the address back, with the prefix of the allocation, which is that of bridge_network_subnet',
              on: `client ${link?.node ?? ''}`,
              run: addressed(link, gateway ?? '<gateway>', prefixOf(link)),
              risk: 'none',
            },
          ]),
      ...withGateway6(link, six),
      {
        do: 'Tell the network manager to leave the bridge alone; after a change of bridge_network_subnet drain the client first',
        on: `client ${link?.node ?? ''}`,
        risk: 'none',
      },
    ]
  },
  references: [
    'https://www.cni.dev/plugins/current/main/bridge/',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the bridge has no address', given: given({ bridge }), then: 'present' },
    {
      name: 'the bridge has no IPv6 address, and that of IPv4',
      given: { ...given(), 'alloc.lost-gateway6': six },
      then: 'present',
    },
    {
      name: 'the bridge has no address at all',
      given: { ...given({ bridge }), 'alloc.lost-gateway6': six },
      then: 'present',
    },
    {
      name: 'the bridge has the address of another subnet',
      given: given({ bridge: { ...bridge, addresses: ['10.60.0.1/20'] } }),
      then: 'absent',
    },
    { name: 'the bridge has the gateway', given: given(), then: 'absent' },
    {
      name: 'the allocation has no default route',
      given: { ...given({ bridge }), 'alloc.routes': [] },
      then: 'absent',
    },
    {
      name: 'the gateway of a network of the operator may be elsewhere',
      given: { ...given({ bridge }), 'group.network.mode': 'cni' },
      then: 'absent',
    },
    {
      name: 'host networking has no bridge',
      given: { ...given({ bridge }), 'alloc.namespace-kind': 'host' },
      then: 'absent',
    },
    { name: 'the allocation does not run', given: { ...given({ bridge }), 'alloc.status': 'failed' }, then: 'absent' },
  ],
})
