import { fault } from '../../fault.ts'

const stuck = { peer: '10.0.0.12', port: 8080, waiting: 79_640, mss: 1448, acknowledged: 191 } as const

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
  ],
  needs: ['path.stuck'],
  holds: ({ 'path.stuck': found }) =>
    found
      ? `Of the answer to ${found.peer} on port ${found.port} ${found.acknowledged} bytes arrived; since then full segments of ${found.mss} bytes are sent again and again, and ${found.waiting} bytes wait`
      : false,
  byHand:
    "In the allocation: ss -tnio shows the connection with backoff, retrans and a full Send-Q; ping -M do -s 1472 to the caller's client is lost, -s 1300 is not.",
  explains: [],
  because:
    'A link on the way (a tunnel, a VPN, a provider network) carries less than 1500 bytes. A router that cannot pass a packet on answers with ICMP "fragmentation needed", and the sender makes smaller ones. Where a filter drops that ICMP, the sender never learns of it: connections open, small messages pass, and the first large one hangs. The bridge of Nomad and its veth pairs always have 1500.',
  fix: ({ 'path.stuck': found }) => [
    {
      do: `Let the clients write a smaller segment size than ${found?.mss ?? 1448} into connections they forward`,
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
        '1300',
      ],
      risk: 'Slightly more packets for large transfers; connections that are open keep their size',
    },
    {
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
    { name: 'small messages pass, full segments do not', given: { 'path.stuck': stuck }, then: 'present' },
    { name: 'no connection is stuck', given: { 'path.stuck': null }, then: 'absent' },
  ],
})
