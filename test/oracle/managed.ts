import * as fc from 'fast-check'
import { pick } from './pick.ts'
import type { Name } from './site.ts'
import type { Mutation } from './world.ts'

// Rule sets as firewalld, kube-proxy, Docker and proxies write them.

const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n')

interface Zone {
  readonly dispatch: string
  readonly nomad: boolean
  readonly dnat: boolean
  readonly open: readonly string[]
  readonly masquerade: boolean
}

/** firewalld 1.x: zone dispatch by device, DNAT accepted, the rest rejected; ten later than iptables. */
export const firewalld = ({ dispatch, nomad, dnat, open, masquerade }: Zone): string =>
  lines(
    'table inet firewalld {',
    '  chain mangle_PREROUTING { type filter hook prerouting priority mangle + 10; policy accept; jump mangle_PREROUTING_ZONES; }',
    `  chain mangle_PREROUTING_ZONES { iifname "${dispatch}" goto mangle_PRE_public; return; }`,
    '  chain mangle_PRE_public { return; }',
    '  chain nat_POSTROUTING { type nat hook postrouting priority srcnat + 10; policy accept; jump nat_POSTROUTING_ZONES; }',
    '  chain nat_POSTROUTING_ZONES {',
    `    oifname "${dispatch}" goto nat_POST_public`,
    '    goto nat_POST_public',
    '  }',
    '  chain nat_POST_public {',
    masquerade ? '    meta nfproto ipv4 oifname != "lo" masquerade' : '',
    '  }',
    '  chain filter_PREROUTING {',
    '    type filter hook prerouting priority filter + 10; policy accept;',
    '    icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept',
    '    meta nfproto ipv6 fib saddr . mark . iif oif missing drop',
    '  }',
    '  chain filter_INPUT {',
    '    type filter hook input priority filter + 10; policy accept;',
    '    ct state { established, related } accept',
    dnat ? '    ct status dnat accept' : '',
    '    iifname "lo" accept',
    '    ct state invalid drop',
    '    jump filter_INPUT_ZONES',
    '    reject with icmpx admin-prohibited',
    '  }',
    '  chain filter_INPUT_ZONES {',
    nomad ? '    iifname "nomad" goto filter_IN_trusted' : '',
    `    iifname "${dispatch}" goto filter_IN_public`,
    '    goto filter_IN_public',
    '  }',
    '  chain filter_IN_trusted { accept; }',
    '  chain filter_IN_public {',
    '    jump filter_IN_public_allow',
    '    meta l4proto { icmp, ipv6-icmp } accept',
    '    reject with icmpx admin-prohibited',
    '  }',
    '  chain filter_IN_public_allow {',
    ...open.map((port) => `    tcp dport ${port} accept`),
    '    ip6 daddr fe80::/64 udp dport 546 accept',
    '  }',
    '  chain filter_FORWARD {',
    '    type filter hook forward priority filter + 10; policy accept;',
    '    ct state { established, related } accept',
    dnat ? '    ct status dnat accept' : '',
    '    iifname "lo" accept',
    '    ct state invalid drop',
    '    ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24 } reject with icmpv6 addr-unreachable',
    '    jump filter_FORWARD_ZONES',
    '    reject with icmpx admin-prohibited',
    '  }',
    '  chain filter_FORWARD_ZONES {',
    nomad ? '    iifname "nomad" goto filter_IN_trusted' : '',
    `    iifname "${dispatch}" goto filter_FWD_public`,
    '  }',
    '  chain filter_FWD_public { meta l4proto { icmp, ipv6-icmp } accept; reject with icmpx admin-prohibited; }',
    '  chain filter_OUTPUT {',
    '    type filter hook output priority filter + 10; policy accept;',
    '    ct state { established, related } accept',
    '    oifname "lo" accept',
    '    ip6 daddr { ::/96, 2002::/24 } reject with icmpv6 addr-unreachable',
    '  }',
    '}',
  )

/** kube-proxy in its nftables mode: services in a map, endpoints by chance, masquerade by mark. */
const kube = (dport: number, drop: boolean): string =>
  lines(
    'table ip kube-proxy {',
    '  set cluster-ips { type ipv4_addr; elements = { 10.99.0.1 }; }',
    '  map service-ips {',
    '    type ipv4_addr . inet_proto . inet_service : verdict',
    `    elements = { 10.99.0.1 . tcp . ${dport} : goto service-web, 10.98.0.1 . udp . ${dport} : goto service-dns }`,
    '  }',
    '  map no-endpoint-services {',
    '    type ipv4_addr . inet_proto . inet_service : verdict',
    '    elements = { 10.99.0.1 . tcp . 25010 : goto reject-chain, 10.99.0.1 . udp . 25010 : drop }',
    '  }',
    '  chain reject-chain { reject; }',
    '  chain mark-for-masquerade { meta mark set meta mark or 0x4000; }',
    '  chain masquerading { meta mark & 0x4000 == 0x0 return; meta mark set meta mark xor 0x4000; masquerade fully-random; }',
    '  chain endpoint-a { ip saddr 172.26.64.2 jump mark-for-masquerade; meta l4proto tcp dnat to 172.26.64.2:8080; meta l4proto udp dnat to 172.26.64.2:8080; }',
    '  chain endpoint-b { ip saddr 172.26.64.3 jump mark-for-masquerade; meta l4proto tcp dnat to 172.26.64.3:8080; meta l4proto udp dnat to 172.26.64.3:8080; }',
    '  chain service-web { ip saddr != 172.26.64.0/20 jump mark-for-masquerade; numgen random mod 2 vmap { 0 : goto endpoint-a, 1 : goto endpoint-b }; }',
    '  chain service-dns { numgen random mod 1 vmap { 0 : goto endpoint-b }; }',
    '  chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }',
    '  chain cluster-ips-check { ip daddr @cluster-ips ct state new tcp dport 25003 reject; }',
    '  chain service-endpoints-check { ip daddr . meta l4proto . th dport vmap @no-endpoint-services; }',
    `  chain filter-prerouting { type filter hook prerouting priority dstnat - 10; policy accept; ct state new jump service-endpoints-check; }`,
    `  chain filter-forward { type filter hook forward priority -110; policy ${drop ? 'drop' : 'accept'}; ct state new jump cluster-ips-check; ${drop ? 'ct status dnat accept; ct state established accept;' : ''} }`,
    '  chain filter-output { type filter hook output priority -110; policy accept; ct state new jump service-endpoints-check; }',
    '  chain nat-prerouting { type nat hook prerouting priority dstnat; policy accept; jump services; }',
    '  chain nat-output { type nat hook output priority -100; policy accept; jump services; }',
    '  chain nat-postrouting { type nat hook postrouting priority srcnat; policy accept; jump masquerading; }',
    '}',
  )

/** The tables of Docker 29 with its nftables backend. */
const docker29 = lines(
  'table ip docker-bridges {',
  '  map filter-forward-in-jumps { type ifname : verdict; elements = { "docker0" : jump filter-forward-in__docker0 }; }',
  '  map filter-forward-out-jumps { type ifname : verdict; elements = { "docker0" : jump filter-forward-out__docker0 }; }',
  '  map nat-postrouting-out-jumps { type ifname : verdict; elements = { "docker0" : jump nat-postrouting-out__docker0 }; }',
  '  chain filter-forward-in__docker0 {',
  '    ct state established,related counter accept',
  '    iifname "docker0" counter accept comment "ICC"',
  '    meta l4proto tcp ip daddr 172.17.0.2 tcp dport 8080 counter accept',
  '    counter drop comment "UNPUBLISHED PORT DROP"',
  '  }',
  '  chain filter-forward-out__docker0 { ct state established,related counter accept; counter accept comment "OUTGOING"; }',
  '  chain filter-FORWARD {',
  '    type filter hook forward priority filter; policy accept;',
  '    oifname vmap @filter-forward-in-jumps',
  '    iifname vmap @filter-forward-out-jumps',
  '  }',
  '  chain nat-prerouting-and-output { meta l4proto tcp tcp dport 25003 counter dnat to 172.17.0.2:8080; }',
  '  chain nat-PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump nat-prerouting-and-output; }',
  '  chain nat-OUTPUT { type nat hook output priority -100; policy accept; ip daddr != 127.0.0.0/8 fib daddr type local counter jump nat-prerouting-and-output; }',
  '  chain nat-postrouting-out__docker0 { }',
  '  chain nat-POSTROUTING {',
  '    type nat hook postrouting priority srcnat; policy accept;',
  '    oifname vmap @nat-postrouting-out-jumps',
  '    ip saddr 172.17.0.0/16 oifname != "docker0" counter masquerade',
  '  }',
  '  chain raw-PREROUTING { type filter hook prerouting priority raw; policy accept; ip daddr 172.17.0.2 iifname != "docker0" counter drop; }',
  '}',
)

const proxying = (proto: string): string =>
  lines(
    'table ip proxied {',
    '  chain divert {',
    '    type filter hook prerouting priority mangle; policy accept;',
    `    meta l4proto ${proto} iifname "eth0" tproxy to :15001 meta mark set 0x1 accept`,
    '  }',
    '  chain zoned { type filter hook prerouting priority raw; policy accept; iifname "nomad" ct zone set 3; }',
    '}',
  )

const ip = (line: string): Mutation => ({ kind: 'ip', ns: 'host', line })
const proxied = (proto: 'tcp' | 'udp'): readonly Mutation[] => [
  { kind: 'nft', ns: 'host', text: proxying(proto) },
  ip('rule add fwmark 0x1/0x1 lookup 100 pref 999'),
  ip('route replace local default dev lo table 100'),
  { kind: 'listen', ns: 'host', proto, address: '0.0.0.0', port: 15001, transparent: true },
]

export const managed: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        ns: pick<Name>('host', 'host', 'peer', 'client'),
        dispatch: pick('eth0', 'eth1', 'nomad'),
        nomad: fc.boolean(),
        dnat: fc.boolean(),
        open: fc.subarray(['22', '8080', '25001-25010', '9000']),
        masquerade: fc.boolean(),
      })
      .map(({ ns, ...zone }): readonly Mutation[] => [{ kind: 'nft', ns, text: firewalld(zone) }]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(pick(25001, 8080, 25002), fc.boolean())
      .map(([dport, drop]): readonly Mutation[] => [{ kind: 'nft', ns: 'host', text: kube(dport, drop) }]),
  },
  { weight: 1, arbitrary: fc.constant<readonly Mutation[]>([{ kind: 'nft', ns: 'host', text: docker29 }]) },
  { weight: 1, arbitrary: pick<'tcp' | 'udp'>('tcp', 'udp').map(proxied) },
)

/** kube-proxy in its iptables mode, as far as one service goes. */
export const kubeTables: fc.Arbitrary<readonly Mutation[]> = fc
  .tuple(pick('25001', '8080', '25010'), pick('tcp', 'udp'), fc.boolean())
  .map(([dport, proto, reject]) => {
    const common = { ns: 'host', family: 4 } as const
    const nat = { ...common, table: 'nat' } as const
    const chain = (name: string, ...rules: readonly string[]): Mutation => ({
      ...nat,
      kind: 'chain',
      chain: name,
      rules,
    })
    const endpoint = (name: string, address: string): Mutation =>
      chain(
        name,
        `-s ${address}/32 -j KUBE-MARK-MASQ`,
        `-p ${proto} -m ${proto} -j DNAT --to-destination ${address}:8080`,
      )
    return [
      chain('KUBE-MARK-MASQ', '-j MARK --set-xmark 0x4000/0x4000'),
      endpoint('KUBE-SEP-A', '172.26.64.2'),
      endpoint('KUBE-SEP-B', '172.26.64.3'),
      chain(
        'KUBE-SVC-WEB',
        `! -s 172.26.64.0/20 -d 10.99.0.1/32 -p ${proto} -m ${proto} --dport ${dport} -j KUBE-MARK-MASQ`,
        '-m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-A',
        '-j KUBE-SEP-B',
      ),
      chain('KUBE-SERVICES', `-d 10.99.0.1/32 -p ${proto} -m ${proto} --dport ${dport} -j KUBE-SVC-WEB`),
      chain(
        'KUBE-POSTROUTING',
        '-m mark ! --mark 0x4000/0x4000 -j RETURN',
        '-j MARK --set-xmark 0x4000/0x0',
        '-j MASQUERADE --random-fully',
      ),
      { ...nat, kind: 'rule', chain: 'PREROUTING', at: 0, rule: '-j KUBE-SERVICES' },
      { ...nat, kind: 'rule', chain: 'OUTPUT', at: 0, rule: '-j KUBE-SERVICES' },
      { ...nat, kind: 'rule', chain: 'POSTROUTING', at: 0, rule: '-j KUBE-POSTROUTING' },
      ...(reject
        ? [
            {
              ...common,
              kind: 'rule' as const,
              table: 'filter' as const,
              chain: 'FORWARD',
              at: 0,
              rule: `-m conntrack --ctstate INVALID -j DROP`,
            },
          ]
        : []),
    ]
  })
