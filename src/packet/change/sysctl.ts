import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'

/** Settings the walk reads; it would not notice a change of any other. */
const read =
  /^net\.(ipv4\.ip_forward|ipv4\.ip_local_port_range|ipv[46]\.conf\..+\.(forwarding|force_forwarding|rp_filter|src_valid_mark|accept_local|route_localnet|arp_ignore|proxy_arp)|bridge\.bridge-nf-call-ip6?tables|netfilter\.nf_conntrack_(max|count))$/

/** `sysctl -w key=value…` */
export function changeSysctl(state: NamespaceState, args: readonly string[]): Changed {
  const { sysctls } = state
  if (!sysctls) return { not: 'the settings were not read' }
  const found = new Map(sysctls)
  const pairs = args.filter((arg) => !['-w', '-q', '--write'].includes(arg))
  for (const pair of pairs) {
    const [, key = '', value = ''] = /^([^=\s]+)=(.*)$/.exec(pair) ?? []
    if (key === '') return { not: `${pair} is no setting with a value` }
    const name = key.includes('.') ? key : key.replaceAll('/', '.')
    if (!read.test(name)) return { not: `the walk does not depend on ${name}` }
    if (!found.has(name)) return { not: `there is no setting ${name}` }
    for (const one of [name, ...alongWith(name, found)]) found.set(one, value.trim())
  }
  return pairs.length === 0 ? { not: 'no setting is written' } : { state: { ...state, sysctls: found } }
}

/** The switch for all devices writes each of them (net/ipv4/devinet.c, inet_forward_change; net/ipv6/addrconf.c). */
function alongWith(key: string, all: ReadonlyMap<string, string>): readonly string[] {
  const four = key === 'net.ipv4.ip_forward' || key === 'net.ipv4.conf.all.forwarding'
  if (!four && key !== 'net.ipv6.conf.all.forwarding') return []
  const each = new RegExp(`^net\\.ipv${four ? 4 : 6}\\.conf\\..+\\.forwarding$`)
  return [...all.keys()].filter((one) => each.test(one) || (four && one === 'net.ipv4.ip_forward'))
}
