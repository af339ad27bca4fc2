import { networked } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { withGateway6 } from '../../own-bridge.ts'

const given = (but: Parameters<typeof networked>[0] = {}) =>
  ({ ...networked(but), 'alloc.lost-gateway6': null }) as const
const down = { name: 'nomad', up: false, addresses: ['172.26.64.1/20'], callsIptables: false }

export const bridgeDown = fault({
  id: 'bridge-down',
  about: 'alloc',
  title: 'The bridge of the allocation is down',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['nomad: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN', 'state DOWN mode DEFAULT group default'],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink', 'alloc.lost-gateway6'],
  shows: ['alloc.uplink'],
  holds: ({ 'alloc.uplink': link }) =>
    link?.bridge && !link.bridge.up
      ? `On ${link.node} the bridge ${link.bridge.name} is set down, so nothing reaches the allocation behind ${link.veth}`
      : false,
  byHand:
    'On the client: ip link show <bridge> (nomad unless configured otherwise) has to list UP between the angle brackets.',
  explains: ['bridge-address-missing', 'nsd-check-failing'],
  because:
    "The bridge is the switch between the client and the network namespaces of its allocations, and holds their gateway's address. When it is set down, the route to the allocations disappears with it: packets for them time out or follow the default route, and allocations cannot even reach each other. A network manager that takes the bridge for its own, or an ifdown, does this; neither Nomad nor the CNI check notices. A bridge without any allocation is down as well, and that is no fault. Setting it up again brings IPv4 back alone: the kernel drops the IPv6 addresses of a device that is set down.",
  fix: ({ 'alloc.uplink': link, 'alloc.lost-gateway6': six }) => [
    {
      do: 'Set the bridge up',
      on: `client ${link?.node ?? ''}`,
      run: ['ip', 'link', 'set', link?.bridge?.name ?? '<bridge>', 'up'],
      risk: 'none',
    },
    ...withGateway6(link, six),
    {
      do: 'Tell systemd-networkd, NetworkManager or netplan to leave the bridge and veth* alone',
      on: `client ${link?.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://www.cni.dev/plugins/current/main/bridge/',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the bridge is down',
      given: given({ bridge: down }),
      then: 'present',
    },
    {
      name: 'the bridge is down, and its IPv6 address is gone with that',
      given: { ...given({ bridge: down }), 'alloc.lost-gateway6': { address: 'fd00:a110:c8::1', prefix: 80 } },
      then: 'present',
    },
    { name: 'the bridge is up', given: given(), then: 'absent' },
    { name: 'the veth is a port of no bridge', given: given({ bridge: null }), then: 'absent' },
    {
      name: 'host networking has no bridge',
      given: { ...given(), 'alloc.namespace-kind': 'host' },
      then: 'absent',
    },
    { name: 'the allocation does not run', given: { ...given(), 'alloc.status': 'failed' }, then: 'absent' },
  ],
})
