import { fault } from '../../fault.ts'

const narrow = {
  alloc: 'allocation 0f499648 of shop/web',
  place: 'client c2',
  mtu: 1500,
  device: 'wg0',
  carries: 1420,
} as const

export const bridgeMtuAboveNic = fault({
  id: 'bridge-mtu-above-nic',
  about: 'path',
  title: 'Allocations may send larger packets than the interface of their client carries',
  layer: 'bridge',
  severity: 'risks',
  heard: ['Message too long', 'message too long', 'EMSGSIZE'],
  needs: ['path.narrow'],
  holds: ({ 'path.narrow': found }) =>
    found
      ? `The ${found.alloc} may send packets of ${found.mtu} bytes, and ${found.device} of ${found.place}, by which they go on, carries ${found.carries}`
      : false,
  intended: 'as long as ICMP gets through: senders are told, and make smaller packets',
  byHand:
    'On the client: ip link show of the interface that ip route get <address> names has a smaller mtu than eth0 in the allocation; ping -M do -s 1472 from the allocation says "Message too long".',
  explains: [],
  because:
    'Nomad makes its bridge and the interfaces of allocations with an MTU of 1500, whatever the client has. Where the client sends on by a tunnel, a VPN or a cloud network with less, it answers each full-size packet with ICMP "fragmentation needed", and the sender learns a smaller size for that address. That costs the first packets of each connection. Where a filter drops the ICMP, large transfers hang, and programs that forbid fragments and do not ask (QUIC, DTLS, WireGuard) lose their datagrams.',
  fix: ({ 'path.narrow': found }) => [
    {
      do: `Give the allocations a CNI network of your own, a copy of Nomad's with "mtu": ${found?.carries ?? 1400} in its bridge plug-in`,
      on: 'CNI configuration of the clients',
      risk: 'The job needs mode = "cni/<name>", and its allocations are replaced',
    },
    {
      do: 'Or have the clients write a segment size that fits into TCP connections they forward',
      on: found?.place ?? 'client',
      run: [
        'iptables',
        '-t',
        'mangle',
        '-A',
        'FORWARD',
        '-p',
        'tcp',
        '--tcp-flags',
        'SYN,RST',
        'SYN',
        '-j',
        'TCPMSS',
        '--clamp-mss-to-pmtu',
      ],
      risk: 'Helps TCP alone',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/main/bridge/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    { name: 'packets go on by a tunnel', given: { 'path.narrow': narrow }, then: 'present' },
    { name: 'every device on the way carries them', given: { 'path.narrow': null }, then: 'absent' },
  ],
})
