import type { Result } from './measure.ts'
import { packetText, scriptOf } from './script.ts'
import type { World } from './world.ts'

// What the cases must have in them, or their agreement proves little.

const worlds: Readonly<Record<string, RegExp>> = {
  "rules of CNI's plugins": /CNI's rules/,
  'Docker 20': /rules of Docker 20/,
  'Docker 28': /rules of Docker 28/,
  'Docker 29 (nft)': /table ip docker-bridges/,
  firewalld: /table inet firewalld/,
  'kube-proxy (nft)': /table ip kube-proxy/,
  'kube-proxy (iptables)': /KUBE-SVC/,
  'other backend too': /\(other backend\)/,
  'table raw': /-t raw /,
  'table mangle': /-t mangle /,
  'table nat': /-t nat /,
  'table filter': /-t filter /,
  'user chains': /-N U\d/,
  goto: / -g |goto extra/,
  'rules gone': / -D the rule/,
  policies: / -P /,
  'interface wildcard': /-[io] \S*\+|ifname "\S*\*"/,
  multiport: /-m multiport/,
  conntrack: /--ctstate|ct state/,
  'conntrack fields': /--ct(orig|repl|dir|status)|ct (original|direction|status)/,
  addrtype: /-m addrtype|fib [ds]addr type/,
  mark: /-m mark|meta mark/,
  connmark: /connmark|CONNMARK|ct mark/,
  physdev: /-m physdev/,
  'IP sets': /-m set/,
  'sets that rules change': /-j SET |flags dynamic/,
  'nft sets and maps': /@(friends|doors)|vmap/,
  'TTL and hop limit': /-m (ttl|hl) |ip ttl (?!set)|ip6 hoplimit (?!set)/,
  DSCP: /-m dscp |ip6? dscp (?!set)/,
  length: /-m length |meta length|ip length/,
  IPsec: /-m policy /,
  'reverse path': /-m rpfilter|fib saddr/,
  'rules on frames': /hook ingress/,
  'ports that do not flood or learn': /flood off|learning off/,
  'fixed places of frames': /bridge fdb replace/,
  'TCP flags': /--tcp-flags|tcp flags/,
  limit: /-m limit|limit rate/,
  'statistic or numgen': /-m statistic|numgen/,
  owner: /-m owner|meta sk[ug]id/,
  iprange: /-m iprange/,
  REJECT: /-j REJECT|reject/,
  DNAT: /-j DNAT|dnat (ip )?to/,
  SNAT: /-j SNAT|snat (ip )?to/,
  MASQUERADE: /-j MASQUERADE|masquerade/,
  REDIRECT: /-j REDIRECT|redirect/,
  NETMAP: /-j NETMAP/,
  NOTRACK: /notrack|NOTRACK/,
  TPROXY: /-j TPROXY|tproxy to/,
  'conntrack zones': /CT --zone|ct zone set/,
  'connections there before': /conntrack -I/,
  'policy routing': /ip (-6 )?rule add/,
  'forbidding routes': /route replace (blackhole|unreachable|prohibit|throw)/,
  'several next hops': /nexthop/,
  rp_filter: /rp_filter/,
  'forwarding off': /forwarding=0|ip_forward=0/,
  route_localnet: /route_localnet/,
  'bridge-nf': /bridge-nf-call|nf_call/,
  hairpin: /hairpin/,
  'isolated ports': /isolated on/,
  'proxy ARP': /proxy_arp/,
  arp_ignore: /arp_ignore/,
  'permanent neighbours': /nud permanent/,
  MTU: / mtu 1\d00/,
  'macvlan or ipvlan': /link set (mac0|ipv0) up/,
  'devices down': /link set \S+ down/,
  'addresses changed': /addr (add|del)/,
  'sockets changed': /# (listen on|stop) /,
  'sockets of one device': /listen on .* on \w/,
}

const packets: Readonly<Record<string, RegExp>> = {
  TCP: /-> tcp/,
  UDP: /-> udp/,
  IPv6: /-> \S+ \S*:\S*:/,
  'a given source': / from \S+\./,
  'a mark of the socket': / mark \d/,
  'another user': / uid \d/,
  'large, not to be cut': / df$/,
  'large, may be cut': / size \d+$/,
}

/** Counts cases and packets by what is in them. */
export class Coverage {
  readonly #counts = new Map<string, number>()
  readonly #hops = new Map<string, number>()

  add(world: World, results: readonly Result[]): void {
    const script = scriptOf(world)
    for (const [name, found] of Object.entries(worlds)) if (found.test(script)) this.#count(name)
    for (const { packet, traces } of results) {
      const text = packetText(packet)
      for (const [name, found] of Object.entries(packets)) if (found.test(text)) this.#count(name)
      for (const { hops, back } of traces.slice(0, 1))
        for (const { does, at, by } of [...hops, ...(back?.hops ?? [])])
          if (by !== 'kernel') this.#hops.set(`${by} ${at} ${does}`, (this.#hops.get(`${by} ${at} ${does}`) ?? 0) + 1)
    }
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  missing = (): readonly string[] =>
    [...Object.keys(worlds), ...Object.keys(packets)].filter((name) => !this.#counts.has(name))

  text(): string {
    const list = (names: readonly string[]): string =>
      names.map((name) => `${name} ${this.#counts.get(name) ?? 0}`).join(', ')
    const hops = [...this.#hops].toSorted((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`)
    return [
      `\nCases with: ${list(Object.keys(worlds))}`,
      `Packets: ${list(Object.keys(packets))}`,
      `What rules did, first traces: ${hops.slice(0, 60).join(', ')}`,
      '',
    ].join('\n')
  }
}
