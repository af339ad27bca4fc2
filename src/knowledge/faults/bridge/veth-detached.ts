import { networked } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

const given = (but: Parameters<typeof networked>[0] = {}) =>
  ({ 'group.network.mode': 'bridge', ...networked(but) }) as const

export const vethDetached = fault({
  id: 'veth-detached',
  about: 'alloc',
  title: "The host's end of the allocation's veth pair is in no bridge",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['CNI veth created for bridge nomad was not found', 'No route to host'],
  onlyWhen: { 'group.network.mode': ['bridge'], 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink'],
  holds: ({ 'alloc.uplink': link }) =>
    link && link.bridge === null
      ? `On ${link.node} ${link.veth}, the host's end of the allocation's eth0, is a port of no bridge`
      : false,
  byHand: 'On the client: ip link show <veth>, the host\'s end of the allocation\'s eth0, has no "master <bridge>".',
  explains: ['nsd-check-failing'],
  because:
    "The host's end of an allocation's eth0 is plugged into the bridge when its network is set up. A network manager that applies its own configuration (netplan apply, a restart of systemd-networkd or NetworkManager) may take it out again, because nothing tells it that the device belongs there. Then the bridge does not find the allocation, and the allocation does not find its gateway.",
  fix: ({ 'alloc.uplink': link }) => [
    {
      do: link?.nearest
        ? `Plug it into ${link.nearest} again, the bridge with an address of its network`
        : 'Plug it in again, into the bridge that bridge_network_name names (nomad where it is not written out)',
      on: `client ${link?.node ?? ''}`,
      run: ['ip', 'link', 'set', link?.veth ?? '<veth>', 'master', link?.nearest ?? '<bridge>'],
      risk: 'none',
    },
    {
      do: 'Mark veth* and the bridge as unmanaged in the network manager',
      on: `client ${link?.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/main/bridge/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    { name: 'it is a port of no bridge', given: given({ bridge: null, nearest: 'nomad' }), then: 'present' },
    { name: 'it is a port of the bridge', given: given(), then: 'absent' },
    { name: 'there is no eth0 at all', given: { ...given(), 'alloc.uplink': null }, then: 'absent' },
    {
      name: 'a network of the operator may do without a bridge',
      given: { ...given({ bridge: null }), 'group.network.mode': 'cni' },
      then: 'absent',
    },
    {
      name: 'host networking has no veth',
      given: { ...given({ bridge: null }), 'alloc.namespace-kind': 'host' },
      then: 'absent',
    },
    {
      name: 'the allocation does not run',
      given: { ...given({ bridge: null }), 'alloc.status': 'failed' },
      then: 'absent',
    },
    { name: 'it is being stopped', given: { ...given({ bridge: null }), 'alloc.status': 'stopping' }, then: 'absent' },
  ],
})
