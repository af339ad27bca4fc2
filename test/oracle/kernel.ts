import * as fc from 'fast-check'
import { bridgeLines } from './bridge-lines.ts'
import { pick } from './pick.ts'
import type { Name } from './site.ts'
import type { Mutation } from './world.ts'

// Settings, devices, addresses, routes, sockets and connections.

const setting: fc.Arbitrary<Mutation> = fc
  .oneof(
    fc.tuple(
      pick<Name>('host', 'host', 'peer'),
      pick('net.ipv4.ip_forward', 'net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'),
      fc.constant('0'),
    ),
    fc.tuple(
      fc.constant<Name>('host'),
      pick('eth0', 'eth1', 'nomad', 'docker0').map((dev) => `net.ipv4.conf.${dev}.forwarding`),
      fc.constant('0'),
    ),
    fc.tuple(
      pick<Name>('host', 'host', 'host', 'client', 'peer', 'a1'),
      pick('all', 'all', 'eth0', 'eth1', 'nomad', 'lo').map((dev) => `net.ipv4.conf.${dev}.rp_filter`),
      pick('1', '1', '2'),
    ),
    fc.tuple(
      pick<Name>('host', 'host', 'peer'),
      pick('all', 'nomad', 'eth0', 'lo').map((dev) => `net.ipv4.conf.${dev}.route_localnet`),
      pick('0', '1'),
    ),
    fc.tuple(
      pick<Name>('host', 'host', 'peer'),
      pick(
        'net.bridge.bridge-nf-call-iptables',
        'net.bridge.bridge-nf-call-iptables',
        'net.bridge.bridge-nf-call-ip6tables',
      ),
      fc.constant('0'),
    ),
    fc.tuple(fc.constant<Name>('host'), fc.constant('net.ipv4.conf.all.src_valid_mark'), fc.constant('1')),
    fc.tuple(
      pick<Name>('host', 'a1'),
      pick('all', 'eth0', 'nomad').map((dev) => `net.ipv4.conf.${dev}.accept_local`),
      fc.constant('1'),
    ),
    fc.tuple(pick<Name>('client'), fc.constant('net.ipv4.ip_forward'), fc.constant('1')),
    fc.tuple(
      pick<Name>('host', 'client', 'a1'),
      pick('all', 'eth0', 'eth1', 'nomad').map((dev) => `net.ipv4.conf.${dev}.arp_ignore`),
      // Not 8: whether its neighbours know it already is a matter of who spoke first.
      pick('1', '2'),
    ),
    fc.tuple(
      pick<Name>('host', 'client', 'a1'),
      fc
        .tuple(pick('all', 'eth0', 'eth1', 'nomad'), pick('filter', 'announce'))
        .map(([dev, what]) => `net.ipv4.conf.${dev}.arp_${what}`),
      pick('1', '1', '2'),
    ),
    fc.tuple(
      fc.constant<Name>('host'),
      pick('eth0', 'nomad', 'eth1').map((dev) => `net.ipv4.conf.${dev}.proxy_arp`),
      fc.constant('1'),
    ),
  )
  .map(([ns, key, value]) => ({ kind: 'setting', ns, key, value }))

const onHost = pick(
  // Routes that forbid or lead astray, longer prefixes than the bridge's, ways back by another device.
  'route replace blackhole 172.26.64.2/32',
  'route replace unreachable 172.26.64.2/32',
  'route replace prohibit 172.26.64.0/21',
  'route replace throw 172.26.64.0/24',
  'route replace blackhole 10.99.0.3/32',
  'route replace unreachable 192.0.2.0/24',
  'route replace prohibit default metric 0',
  'route replace 172.26.64.0/24 via 10.98.0.3',
  'route replace 172.26.64.2/32 via 10.98.0.3',
  'route replace 10.99.0.3/32 via 10.98.0.3',
  'route replace 192.0.2.0/24 via 10.98.0.3',
  'route replace 192.0.2.0/24 via 10.98.0.77',
  'route replace 10.99.0.2/32 via 10.99.0.3',
  'route replace default via 10.98.0.3 metric 5',
  'route replace default dev eth0',
  'route replace 192.0.2.10/32 dev eth0 src 10.98.0.1',
  'route replace local 192.0.2.99/32 dev lo',
  'route replace local 198.51.100.0/24 dev lo',
  'route del default',
  'route flush cache',
  'route replace blackhole fd00:a110::2/128',
  'route replace unreachable fd99::3/128',
  'route replace prohibit fd00:a110::/65',
  'route replace fd99::3/128 via fd98::3',
  'route del default via fd99::3',
  // Policy routing.
  'rule add fwmark 0x1 lookup 100 pref 1000',
  'rule add fwmark 0x2000/0x2000 lookup 100 pref 1000',
  'rule add from 172.26.64.0/20 lookup 100 pref 1001',
  'rule add from 10.99.0.1 lookup 100 pref 1002',
  'rule add to 192.0.2.0/24 lookup 100 pref 1003',
  'rule add iif nomad lookup 100 pref 1004',
  'rule add iif lo lookup 100 pref 1004',
  'rule add not fwmark 0x1 lookup 100 pref 1005',
  'rule add from all lookup main suppress_prefixlength 0 pref 1006',
  'rule add from 172.26.64.2 prohibit pref 1007',
  'rule add to 192.0.2.10 unreachable pref 1008',
  'rule add from 10.99.0.3 blackhole pref 1009',
  'rule add uidrange 1000-1000 lookup 100 pref 1010',
  'rule add ipproto udp lookup 100 pref 1011',
  'rule add ipproto tcp dport 25001 lookup 100 pref 1012',
  'rule add oif eth0 lookup 100 pref 1013',
  'rule add from 172.26.64.0/20 goto 32766 pref 900',
  '-6 rule add from fd00:a110::/64 lookup 100 pref 1001',
  '-6 rule add fwmark 0x1 prohibit pref 1002',
  'route replace default via 10.98.0.3 table 100',
  'route replace default via 10.98.0.3 table 100',
  'route replace default via 10.99.0.3 table 100',
  'route replace blackhole default table 100',
  'route replace 192.0.2.0/24 via 10.98.0.3 table 100',
  'route replace throw default table 100',
  'route replace local default dev lo table 100',
  'route replace default via fd98::3 table 100',
  'route replace default nexthop via 10.99.0.3 nexthop via 10.98.0.3',
  'route replace 192.0.2.0/24 nexthop via 10.98.0.3 nexthop via 10.98.0.77',
  'route replace 192.0.2.10/32 via 172.26.64.99 dev eth0 onlink',
  'route replace 192.0.2.0/24 via inet6 fd98::3 dev eth1',
  'route replace 192.0.2.10/32 via inet6 fe80::3 dev eth0',
  'route replace 192.0.2.0/24 via inet6 fd99::77 dev eth0',
  'route replace 10.99.0.3/32 dev eth1',
  // Policies of IPsec.
  'xfrm policy add dst 172.26.64.2/32 dir fwd action block',
  'xfrm policy add dst 192.0.2.0/24 proto udp dir out action block priority 9',
  'xfrm policy add src 10.99.0.3/32 dst 0.0.0.0/0 dir in action allow priority 5',
  // Devices and addresses.
  ...bridgeLines,
  'link set eth1 down',
  'link set eth0 down',
  'addr del 172.26.64.1/20 dev nomad',
  'addr add 172.26.64.50/20 dev nomad',
  'addr add 172.26.64.2/32 dev lo',
  'addr add 10.99.0.50/24 dev eth0',
  'addr add 172.26.65.1/24 dev eth1',
  'addr add 198.51.100.1/32 dev lo',
  'addr del fd00:a110::1/64 dev nomad',
  'addr add fd99::77/64 dev eth0 nodad',
  'neigh replace 172.26.64.2 lladdr 02:00:00:00:00:99 dev nomad nud permanent',
  'neigh replace 10.99.0.3 lladdr 02:00:00:00:00:98 dev eth0 nud permanent',
)

const onClient = pick(
  // Straight to the allocations; a way to the host by the other network.
  'route replace 172.26.64.0/20 via 10.99.0.1',
  'route replace 172.26.64.0/20 via 10.99.0.1',
  'route replace 172.26.64.0/20 via 10.98.0.1',
  'route replace 172.17.0.0/16 via 10.99.0.1',
  'route replace fd00:a110::/64 via fd99::1',
  'route replace fd00:a110::/64 via fd98::1',
  'route replace default via 10.99.0.1',
  'route replace default via 10.99.0.2',
  'route replace 10.99.0.1/32 via 10.98.0.1',
  'route replace 10.98.0.1/32 via 10.99.0.1',
  'route replace unreachable 10.99.0.1/32',
  'route replace prohibit 10.98.0.0/24',
  'route replace blackhole 172.26.64.0/20',
  'addr del 10.99.0.3/24 dev eth0',
  'addr add 172.26.64.77/20 dev eth1',
  'link set eth1 down',
  'rule add from 192.0.2.10 lookup 100 pref 1000',
  'route replace default via 10.98.0.1 table 100',
)

const onAlloc = pick(
  'route del default',
  'route replace default via 172.26.64.3',
  'route replace default via 172.26.64.99',
  'route replace default dev eth0',
  'route replace unreachable default',
  'route replace blackhole 10.99.0.0/24',
  'route del default via fd00:a110::1',
  'link set lo down',
  'link set eth0 down',
  'addr del 172.26.64.2/20 dev eth0',
  'addr add 172.26.64.2/8 dev eth0',
  'addr add 172.26.64.44/20 dev eth0',
  'addr add 10.99.0.3/32 dev lo',
  'rule add to 10.99.0.0/24 prohibit pref 1000',
)

const ip: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 6, arbitrary: onHost.map((line): Mutation => ({ kind: 'ip', ns: 'host', line })) },
  { weight: 3, arbitrary: onClient.map((line): Mutation => ({ kind: 'ip', ns: 'client', line })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(pick<Name>('a1', 'a1', 'a2', 'b1'), onAlloc)
      .map(([ns, line]): Mutation => ({ kind: 'ip', ns, line })),
  },
)

const sockets: fc.Arbitrary<Mutation> = fc
  .record({
    kind: pick<'listen' | 'deaf'>('listen', 'listen', 'deaf'),
    ns: pick<Name>('host', 'host', 'a1', 'a1', 'a2', 'b1', 'client', 'peer'),
    proto: pick<'tcp' | 'udp'>('tcp', 'tcp', 'udp'),
    address: pick(
      '0.0.0.0',
      '::',
      '127.0.0.1',
      '::1',
      '10.99.0.1',
      '172.26.64.1',
      '172.26.64.2',
      '172.26.64.3',
      '10.99.0.3',
      'fd00:a110::2',
      'fd99::1',
      '127.0.0.2',
    ),
    port: pick(8080, 8080, 8081, 8082, 25001, 25002, 25010, 9000),
    v6only: fc.boolean(),
  })
  .map(({ v6only, ...one }) => (one.address === '::' && v6only ? { ...one, v6only } : one))

const connections: fc.Arbitrary<Mutation> = fc
  .record({
    proto: pick('udp', 'udp', 'tcp'),
    src: pick('10.99.0.3', '172.26.64.3', '10.99.0.2'),
    dport: pick(25001, 8080),
    to: pick('172.26.64.2:8080', '172.26.64.3:8080', '172.26.64.99:8080', '172.26.64.2:8081', undefined),
  })
  .map(({ proto, src, dport, to }) => ({
    kind: 'conntrack',
    ns: 'host',
    argv: [
      ...`-I -p ${proto} -s ${src} -d 10.99.0.1 --sport 5555 --dport ${dport} -t 60`.split(' '),
      ...(to === undefined ? [] : ['--dst-nat', to]),
      ...(proto === 'tcp' ? ['--state', 'ESTABLISHED'] : []),
    ],
  }))

export const kernelMutations: fc.Arbitrary<readonly Mutation[]> = fc
  .oneof(
    { weight: 4, arbitrary: setting },
    { weight: 6, arbitrary: ip },
    { weight: 3, arbitrary: sockets },
    { weight: 1, arbitrary: connections },
  )
  .map((one) => [one])
