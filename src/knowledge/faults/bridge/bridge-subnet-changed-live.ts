import { networked, routes } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { prefixOf } from '../../own-bridge.ts'
import type { Uplink } from '../../shapes/crossing.ts'
import type { Route } from '../../shapes/packet.ts'
import { record } from '../../samples.ts'

const given = (...addresses: readonly string[]) =>
  ({
    'alloc.record': record('a1'),
    'group.network.mode': 'bridge',
    ...networked({ bridge: { name: 'nomad', up: true, addresses, callsIptables: false, ...apartFrom(addresses) } }),
    'alloc.routes': routes,
  }) as const

const apartFrom = (addresses: readonly string[]): { apart?: true } =>
  addresses.every((one) => one.startsWith('10.')) && addresses.length > 0 ? { apart: true } : {}

/** The allocation's gateway, where the bridge has other addresses, and not this one. */
function lost(link: Uplink | null, own: readonly Route[]) {
  const gateway = own.find(({ dst, table }) => dst === 'default' && table === 'main')?.gateway
  const { addresses = [], name = '', apart } = link?.bridge ?? {}
  // An address of the present subnet with another gateway is a route that somebody changed.
  return gateway !== undefined && apart && addresses.every((one) => one.split('/')[0] !== gateway)
    ? { gateway, addresses, bridge: name, node: link?.node ?? '' }
    : undefined
}

export const bridgeSubnetChangedLive = fault({
  id: 'bridge-subnet-changed-live',
  about: 'alloc',
  title: 'The bridge has been given another subnet, and the allocation still has an address of the old one',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['No route to host', '"<bridge>" already has an IP address different from <address>'],
  onlyWhen: { 'group.network.mode': ['bridge'], 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink', 'alloc.routes', 'alloc.record'],
  shows: ['alloc.uplink', 'alloc.routes'],
  holds: ({ 'alloc.uplink': link, 'alloc.routes': own }) => {
    const found = lost(link, own)
    return found
      ? `The gateway of the allocation is ${found.gateway}, and on ${found.node} the bridge ${found.bridge} now has ${found.addresses.join(', ')}: allocations with addresses of the old subnet are cut off`
      : false
  },
  byHand:
    'On the client: ip -4 addr show <bridge> shows another network than ip route in the allocation; nomad alloc status of newer allocations shows addresses of the new one.',
  explains: ['nsd-check-failing'],
  because:
    'bridge_network_subnet is used when an allocation is set up. The first one after a change gives the bridge its new address, and since a bridge of Nomad has one IPv4 address only, the old one is taken away. It was the gateway of every older allocation: from that moment they reach nobody and nobody reaches them, while the new ones work.',
  fix: ({ 'alloc.uplink': link, 'alloc.routes': own, 'alloc.record': record }) => {
    const found = lost(link, own)
    return [
      {
        do: 'Replace the allocation, and every other one of the client that has an address of the old subnet',
        on: 'cluster',
        run: allocCommand('stop', record),
        risk: 'They end; others are placed',
      },
      {
        do: 'To bring them back at once: give the bridge the old gateway again, beside the new address',
        on: `client ${found?.node ?? ''}`,
        run: [
          'ip',
          'addr',
          'add',
          `${found?.gateway ?? '<gateway>'}/${prefixOf(link)}`,
          'dev',
          found?.bridge ?? '<bridge>',
        ],
        risk: 'none; the next allocation that starts takes it away again',
      },
      {
        do: 'Next time drain the client before bridge_network_subnet is changed',
        on: 'client configuration',
        risk: 'none',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet',
    'https://www.cni.dev/plugins/current/main/bridge/',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the bridge has the address of a new subnet', given: given('10.99.0.1/20'), then: 'present' },
    { name: 'it still has the old one', given: given('172.26.64.1/20'), then: 'absent' },
    {
      name: 'its address is of the present subnet, and its gateway is not the bridge',
      given: given('172.26.64.2/20'),
      then: 'absent',
    },
    { name: 'it has both', given: given('10.99.0.1/20', '172.26.64.1/20'), then: 'absent' },
    { name: 'it has none at all', given: given(), then: 'absent' },
    {
      name: "an operator's own network",
      given: { ...given('10.99.0.1/20'), 'group.network.mode': 'cni' },
      then: 'absent',
    },
    { name: 'a host network', given: { ...given('10.99.0.1/20'), 'alloc.namespace-kind': 'host' }, then: 'absent' },
    { name: 'it is over', given: { ...given('10.99.0.1/20'), 'alloc.status': 'complete' }, then: 'absent' },
  ],
})
