import { networked } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

export const vethDown = fault({
  id: 'veth-down',
  about: 'alloc',
  title: "The host's end of the allocation's veth pair is down",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['<bridge>: port <n>(<veth>) entered disabled state', 'NO-CARRIER', 'No route to host'],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink'],
  holds: ({ 'alloc.uplink': link }) =>
    link && !link.up ? `On ${link.node} ${link.veth}, the host's end of the allocation's eth0, is set down` : false,
  byHand:
    "In the allocation: ip link show eth0 says NO-CARRIER and names the host's end as eth0@if<index>; on the client: ip link show that index lacks UP.",
  explains: ['nsd-check-failing'],
  because:
    'An allocation\'s eth0 is one end of a cable whose other end, a device called veth and eight digits, is plugged into the bridge on the client. When that end is set down the cable is cut: nobody answers for the allocation\'s address, so callers get "No route to host" after about three seconds, from other machines as well. Nothing in Nomad or CNI looks at it.',
  fix: ({ 'alloc.uplink': link }) => [
    {
      do: 'Set it up',
      on: `client ${link?.node ?? ''}`,
      run: ['ip', 'link', 'set', link?.veth ?? '<veth>', 'up'],
      risk: 'none',
    },
    {
      do: 'Tell systemd-networkd, NetworkManager or netplan to leave veth* and the bridge alone',
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
    { name: "the host's end is down", given: networked({ up: false }), then: 'present' },
    { name: "the host's end is up", given: networked(), then: 'absent' },
    { name: 'there is no eth0 at all', given: { ...networked(), 'alloc.uplink': null }, then: 'absent' },
    {
      name: 'host networking has no veth',
      given: { ...networked({ up: false }), 'alloc.namespace-kind': 'host' },
      then: 'absent',
    },
    {
      name: 'the allocation does not run',
      given: { ...networked({ up: false }), 'alloc.status': 'failed' },
      then: 'absent',
    },
    { name: 'it is being stopped', given: { ...networked({ up: false }), 'alloc.status': 'stopping' }, then: 'absent' },
  ],
})
