import { existsSync } from 'node:fs'
import { devices } from './site.ts'
import type { Name } from './site.ts'

/** The settings that are changed, as they are otherwise. */
export function settings(name: Name): readonly (readonly [string, string])[] {
  const router = name === 'host' || name === 'peer' ? '1' : '0'
  const found: [string, string][] = [
    // Written first: it resets every device.
    ['net.ipv4.ip_forward', router],
    ['net.ipv6.conf.all.forwarding', router],
    ['net.ipv4.conf.all.rp_filter', '0'],
    ['net.ipv4.conf.all.route_localnet', '0'],
    ['net.ipv4.conf.all.src_valid_mark', '0'],
    ['net.ipv4.conf.all.accept_redirects', '0'],
    ['net.ipv4.conf.all.send_redirects', '0'],
    ['net.ipv4.conf.all.accept_local', '0'],
    ['net.ipv4.conf.all.arp_ignore', '0'],
    ['net.ipv4.conf.all.arp_filter', '0'],
    ['net.ipv4.conf.all.arp_announce', '0'],
    ['net.ipv6.conf.all.accept_redirects', '0'],
  ]
  if (existsSync('/proc/sys/net/bridge'))
    found.push(['net.bridge.bridge-nf-call-iptables', '1'], ['net.bridge.bridge-nf-call-ip6tables', '1'])
  for (const { name: device } of devices[name]) {
    const routed = device === 'nomad' ? '1' : '0'
    found.push(
      [`net.ipv4.conf.${device}.forwarding`, router],
      [`net.ipv4.conf.${device}.rp_filter`, '0'],
      [`net.ipv4.conf.${device}.route_localnet`, routed],
      [`net.ipv4.conf.${device}.accept_redirects`, '0'],
      [`net.ipv4.conf.${device}.send_redirects`, '0'],
      [`net.ipv4.conf.${device}.accept_local`, '0'],
      [`net.ipv4.conf.${device}.arp_ignore`, '0'],
      [`net.ipv4.conf.${device}.arp_filter`, '0'],
      [`net.ipv4.conf.${device}.arp_announce`, '0'],
      [`net.ipv4.conf.${device}.proxy_arp`, '0'],
      [`net.ipv6.conf.${device}.forwarding`, router],
      [`net.ipv6.conf.${device}.accept_redirects`, '0'],
    )
  }
  return found
}

/** What only makes the measuring quick and quiet: no waiting for neighbours, no limits on ICMP errors, no DAD. */
export function quick(name: Name): readonly (readonly [string, string])[] {
  const found: [string, string][] = [
    ['net.ipv4.icmp_ratelimit', '0'],
    ['net.ipv4.icmp_msgs_per_sec', '100000'],
    ['net.ipv4.icmp_msgs_burst', '100000'],
    ['net.ipv6.icmp.ratelimit', '0'],
    ['net.ipv4.tcp_synack_retries', '0'],
    ['net.ipv4.tcp_no_metrics_save', '1'],
  ]
  for (const { name: device } of [...devices[name], { name: 'default' }])
    found.push(
      [`net.ipv6.conf.${device}.accept_dad`, '0'],
      [`net.ipv6.conf.${device}.accept_ra`, '0'],
      [`net.ipv6.conf.${device}.router_solicitations`, '0'],
      [`net.ipv6.conf.${device}.addr_gen_mode`, '1'],
      [`net.ipv4.neigh.${device}.retrans_time_ms`, '20'],
      [`net.ipv4.neigh.${device}.proxy_delay`, '0'],
      [`net.ipv6.neigh.${device}.proxy_delay`, '0'],
      [`net.ipv4.neigh.${device}.mcast_solicit`, '2'],
      [`net.ipv4.neigh.${device}.ucast_solicit`, '2'],
      [`net.ipv6.neigh.${device}.retrans_time_ms`, '20'],
      [`net.ipv6.neigh.${device}.mcast_solicit`, '2'],
      [`net.ipv6.neigh.${device}.ucast_solicit`, '2'],
    )
  return found
}
