/**
 * The wide standard commands, spelt once: one reply per client and kind of state serves every allocation there,
 * and a recording answers what a live run asks.
 */

const words = (line: string): readonly string[] => line.split(' ')
const sysctl = ['sysctl', '-a', '-r', '^net\\.(ipv4|ipv6|bridge|netfilter)'] as const
const json = '{{json .}}'

export const dockerPs = ['docker', 'ps', '-a', '--no-trunc', '--format', json] as const
export const dockerNetworks = ['docker', 'network', 'ls', '--no-trunc', '--format', json] as const

export const nodeCommands: readonly (readonly string[])[] = [
  ...[
    'ip -j -d link show',
    'ip -j -d addr show',
    'ip -j -4 route show table all',
    'ip -j -6 route show table all',
    'ip -j rule show',
    'ip -j neigh show',
    'bridge -j -d link show',
    'bridge -j fdb show',
    'iptables-save -c',
    'ip6tables-save -c',
    'iptables-legacy-save -c',
    'nft -j list ruleset',
    'ss -H -ltnpe',
    'ss -H -lunpe',
    'ss -H -tnp',
    'conntrack -L -o extended',
    'cat /proc/modules',
    'cat /etc/resolv.conf',
    'cat /etc/hosts',
    'cat /etc/nsswitch.conf',
    'uname -a',
    'cat /etc/os-release',
    'ls -l /var/run/netns',
    'iptables -V',
  ].map(words),
  sysctl,
  ['docker', 'version', '--format', json],
  ['docker', 'info', '--format', json],
  dockerPs,
  dockerNetworks,
]

export const netnsCommands: readonly (readonly string[])[] = [
  ...[
    'ip -j -d addr show',
    'ip -j -4 route show table all',
    'ip -j -6 route show table all',
    'ip -j neigh show',
    'ss -H -ltnpe',
    'ss -H -lunpe',
    'iptables-save -c',
  ].map(words),
  sysctl,
]

export const taskCommands: readonly (readonly string[])[] = ['cat /etc/resolv.conf', 'cat /etc/hosts', 'env'].map(words)
