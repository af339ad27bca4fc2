import { iptablesOf } from '../../admission.ts'
import { fault } from '../../fault.ts'
import type { Blackhole, Hushed } from '../../shapes/walk.ts'

const hushed = {
  place: 'client c1',
  device: 'wg0',
  carries: 1420,
  size: 1500,
  at: 'client c1',
  rule: '-A OUTPUT -p icmp -j DROP',
  chain: { by: 'iptables', table: 'filter', name: 'OUTPUT', family: 4 },
} as const
const stuck = { peer: '10.0.0.12', port: 8080, waiting: 79_640, mss: 1448, acknowledged: 191 } as const

/** Headers of IPv4 and TCP take 40 bytes; where the narrow link is not known, tunnels rarely carry less than 1340. */
const sizeFor = (found: Blackhole | null | undefined): number => (found?.hushed ? found.hushed.carries - 40 : 1300)

/** The message alone, before the rule that stops it. */
function letting({ chain }: Hushed): { readonly run?: readonly string[] } {
  if (!chain) return {}
  const { by, table, name, family } = chain
  const six = family === 6
  if (by === 'nftables') {
    const match = six
      ? ['icmpv6', 'type', 'packet-too-big']
      : ['icmp', 'type', 'destination-unreachable', 'icmp', 'code', '4']
    return { run: ['nft', 'insert', 'rule', ...table.split(' '), name, ...match, 'accept'] }
  }
  const match = six
    ? ['-p', 'ipv6-icmp', '--icmpv6-type', 'packet-too-big']
    : ['-p', 'icmp', '--icmp-type', 'fragmentation-needed']
  return { run: [iptablesOf({ by, family }), '-t', table, '-I', name, ...match, '-j', 'ACCEPT'] }
}

export const pmtuBlackhole = fault({
  id: 'pmtu-blackhole',
  about: 'path',
  title: 'Full-size packets are lost on the way and nobody says so: large answers hang',
  layer: 'node',
  severity: 'degrades',
  heard: [
    'Operation timed out after <ms> milliseconds with 0 out of <bytes> bytes received',
    'TLS handshake timeout',
    'SSL connection timeout',
    'Operation timed out after <ms> milliseconds with 0 bytes received',
  ],
  needs: ['path.blackhole'],
  holds: ({ 'path.blackhole': found }) => {
    const { hushed: lost, stuck: one } = found ?? {}
    if (lost)
      return `A packet of ${lost.size} bytes is too large for ${lost.device} of ${lost.place}, which carries ${lost.carries}, and the message about it ends at ${lost.at}: ${lost.rule}`
    return one
      ? `Of the answer to ${one.peer} on port ${one.port} ${one.acknowledged} bytes arrived; since then full segments of ${one.mss} bytes are sent again and again, and ${one.waiting} bytes wait${one.direct ? '; no router lies between, so the network itself drops what is too large for it' : ''}`
      : false
  },
  byHand:
    "In the allocation: ss -tnio shows the connection with backoff, retrans and a full Send-Q; ping -M do -s 1472 to the caller's client is lost, -s 1300 is not.",
  explains: [],
  because:
    'A link on the way (a tunnel, a VPN, a provider network) carries less than 1500 bytes. A router that cannot pass a packet on answers with ICMP "fragmentation needed", and the sender makes smaller ones. Where a filter drops that ICMP, the sender never learns of it: connections open, small messages pass, and the first large one hangs. A switch or an overlay of layer 2 (VXLAN, a VLAN with a tag more than its ports allow for) has no such message at all: it drops what is too large. The bridge of Nomad and its veth pairs have 1500 whatever the network has.',
  fix: ({ 'path.blackhole': found }) => [
    ...(found?.hushed
      ? [
          {
            do: `Let ICMP type 3 code 4 through (of IPv6: type 2), which this rule stops: ${found.hushed.rule}`,
            on: found.hushed.at,
            ...letting(found.hushed),
            risk: 'none',
          },
        ]
      : []),
    {
      do: `Let the clients write a segment size that fits into connections they forward`,
      on: 'both clients',
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
        '--set-mss',
        String(sizeFor(found)),
      ],
      risk: 'Slightly more packets for large transfers; connections that are open keep their size',
    },
    found?.stuck?.direct
      ? {
          do: 'Give every switch port, bridge and tunnel between the clients room for what their interfaces send, or the interfaces the MTU of the narrowest',
          on: 'network between the clients',
          risk: 'Packets may be lost while an MTU changes',
        }
      : {
          do: 'Let ICMP type 3 code 4 through every filter between the clients',
          on: 'security group, router or firewall between the clients',
          risk: 'none',
        },
    {
      do: 'Or have senders find out by themselves: net.ipv4.tcp_mtu_probing = 1 in the namespaces that send',
      on: 'both clients',
      risk: 'none',
    },
  ],
  references: ['https://datatracker.ietf.org/doc/html/rfc2923', 'https://docs.kernel.org/networking/ip-sysctl.html'],
  since: '0.1.0',
  examples: [
    { name: 'small messages pass, full segments do not', given: { 'path.blackhole': { stuck } }, then: 'present' },
    {
      name: 'the same on one network, without a router',
      given: { 'path.blackhole': { stuck: { ...stuck, direct: true } } },
      then: 'present',
    },
    { name: 'a rule drops the message about it', given: { 'path.blackhole': { hushed } }, then: 'present' },
    { name: 'no connection is stuck, and no message lost', given: { 'path.blackhole': null }, then: 'absent' },
  ],
})
