import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

export const ifaceForwardingOff = fault({
  id: 'iface-forwarding-off',
  about: 'path',
  title: 'Forwarding is off for one interface of the client',
  layer: 'node',
  severity: 'breaks',
  heard: ['net.ipv4.conf.<interface>.forwarding = 0'],
  needs: ['path.forwarding-off'],
  holds: ({ 'path.forwarding-off': off }) =>
    off && !off.all
      ? `On ${off.way.node} ${off.key} is 0 although net.ipv4.ip_forward is 1, so packets that come in there are not forwarded`
      : false,
  byHand: 'On the client: sysctl -a -r "^net.ipv4.conf.*.forwarding" has to say 1 for the uplink and for the bridge.',
  explains: ['node-to-node-blocked'],
  because:
    'Linux asks the device a packet came in by whether it may be forwarded. Writing net.ipv4.ip_forward sets all devices at once, but each has a switch of its own, and systemd-networkd sets it to 0 on every link it manages unless IPv4Forwarding (IPForward in older versions) says otherwise. Then packets of other machines, and the answers to what allocations ask of them, end at that device, while everything on the client itself works.',
  fix: ({ 'path.forwarding-off': off }) => [
    {
      do: 'Turn forwarding on for the interface',
      on: `client ${off?.way.node ?? ''}`,
      run: ['sysctl', '-w', `${off?.key ?? ''}=1`],
      risk: 'none beyond what Nomad needs',
    },
    {
      do: 'Set IPv4Forwarding=yes in the .network file of the interface, or whatever else manages it',
      on: `client ${off?.way.node ?? ''}`,
      risk: 'The interface may be configured anew',
    },
  ],
  references: [
    'https://docs.kernel.org/networking/ip-sysctl.html',
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.network.html',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'off for the uplink',
      given: { 'path.forwarding-off': { way: inbound(), key: 'net.ipv4.conf.eth0.forwarding', all: false } },
      then: 'present',
    },
    {
      name: 'off for all devices',
      given: { 'path.forwarding-off': { way: inbound(), key: 'net.ipv4.conf.eth0.forwarding', all: true } },
      then: 'absent',
    },
    { name: 'every device forwards', given: { 'path.forwarding-off': null }, then: 'absent' },
  ],
})
