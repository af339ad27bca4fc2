import { inbound, outbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Off } from '../../shapes/crossing.ts'

const isSix = (off: Off | null | undefined): boolean => off?.key.startsWith('net.ipv6.') === true
const keyOf = (off: Off | null | undefined): string =>
  isSix(off) ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward'

export const ipForwardOff = fault({
  id: 'ip-forward-off',
  about: 'path',
  title: 'The client does not forward packets',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Connection timed out',
    'dial tcp <address>:<port>: i/o timeout',
    'net.ipv4.ip_forward = 0',
    'net.ipv6.conf.all.forwarding = 0',
    'IPv4 forwarding is disabled. Networking will not work.',
  ],
  needs: ['path.forwarding-off'],
  holds: ({ 'path.forwarding-off': off }) =>
    off?.all
      ? `On ${off.way.node} ${keyOf(off)} is 0, so nothing ${isSix(off) ? 'of IPv6 ' : ''}passes from ${off.way.in}${off.way.out === '' ? '' : ` to ${off.way.out}`}`
      : false,
  byHand:
    'On the client: sysctl net.ipv4.ip_forward has to say 1, and net.ipv6.conf.all.forwarding where callers use IPv6.',
  explains: ['node-to-node-blocked'],
  because:
    'An allocation in bridge mode has a network namespace of its own; every packet to it or from it to another machine is forwarded by its client. Setting up a network turns net.ipv4.ip_forward on, so a 0 was written later: by sysctl --system after a package was installed, by hardening, or by a restart of the network. The client itself still reaches the allocation, because its own packets are not forwarded, and the next allocation that starts there turns the setting on again, which makes the fault come and go.',
  fix: ({ 'path.forwarding-off': off }) => [
    {
      do: 'Turn forwarding on',
      on: `client ${off?.way.node ?? ''}`,
      run: ['sysctl', '-w', `${keyOf(off)}=1`],
      risk: isSix(off)
        ? 'The client takes no default route from routers any more, unless accept_ra of its card is 2'
        : 'The client routes between its networks, as Nomad needs it to',
    },
    {
      do: `Find what writes 0, and let a file in /etc/sysctl.d that is read after it say ${keyOf(off)} = 1`,
      on: `client ${off?.way.node ?? ''}`,
      run: [
        'grep',
        '-rn',
        isSix(off) ? 'ipv6.conf.all.forwarding' : 'ip_forward',
        '/etc/sysctl.conf',
        '/etc/sysctl.d',
        '/run/sysctl.d',
        '/usr/lib/sysctl.d',
      ],
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://docs.kernel.org/networking/ip-sysctl.html',
  ],
  since: '0.1.0',
  examples: [
    {
      name: "off on the target's client",
      given: { 'path.forwarding-off': { way: inbound(), key: 'net.ipv4.conf.eth0.forwarding', all: true } },
      then: 'present',
    },
    {
      name: "off on the source's client",
      given: { 'path.forwarding-off': { way: outbound(), key: 'net.ipv4.conf.nomad.forwarding', all: true } },
      then: 'present',
    },
    {
      name: 'off for IPv6',
      given: {
        'path.forwarding-off': {
          way: { node: 'c1', in: 'eth0', out: '' },
          key: 'net.ipv6.conf.all.forwarding',
          all: true,
        },
      },
      then: 'present',
    },
    {
      name: 'off for one device only',
      given: { 'path.forwarding-off': { way: inbound(), key: 'net.ipv4.conf.eth0.forwarding', all: false } },
      then: 'absent',
    },
    { name: 'every device forwards', given: { 'path.forwarding-off': null }, then: 'absent' },
  ],
})
