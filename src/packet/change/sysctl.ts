import { deviceSetting, type Sysctls } from '../sysctl.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { strange } from './refused.ts'
import { anycastOf } from './connected.ts'

/** Settings the walk reads; it would not notice a change of any other. */
const read =
  /^net\.(ipv4\.ip_forward|ipv4\.ip_local_port_range|ipv[46]\.conf\..+\.(forwarding|force_forwarding|rp_filter|src_valid_mark|accept_local|route_localnet|arp_ignore|arp_filter|arp_announce|proxy_arp)|bridge\.bridge-nf-call-ip6?tables|netfilter\.nf_conntrack_(max|count))$/

/** `sysctl -w key=value…` */
export function changeSysctl(state: NamespaceState, args: readonly string[]): Changed {
  const { sysctls } = state
  if (!sysctls) return { not: 'the settings were not read' }
  const found: Record<string, string> = Object.assign(Object.create(null), sysctls)
  const pairs = args.filter((arg) => !['-w', '-q', '--write'].includes(arg))
  for (const pair of pairs) {
    const [, key = '', value = ''] = /^([^=\s]+)=(.*)$/.exec(pair) ?? []
    if (key === '') return strange(pair, `${pair} is no setting with a value`)
    const name = key.includes('.') ? key : key.replaceAll('/', '.')
    if (!read.test(name)) return { not: `the walk does not depend on ${name}` }
    if (!(name in found)) return { not: `there is no setting ${name}` }
    const written = asWritten(name, value.trim())
    if (written === undefined) return strange(pair, `${value} is no value of ${name}`)
    for (const one of [name, ...alongWith(name, written, found)]) found[one] = written
  }
  return pairs.length === 0
    ? { not: 'no setting is written' }
    : { state: routedAnew(state, { ...state, sysctls: found }) }
}

/** As the kernel keeps it: a switch of the bridge is 0 or 1, a range has a tab in it. */
function asWritten(key: string, value: string): string | undefined {
  const numbers = value.split(/\s+/)
  if (numbers.length !== (key.endsWith('_port_range') ? 2 : 1) || !numbers.every((one) => /^-?\d+$/.test(one)))
    return undefined
  return key.includes('.bridge-nf-call-') ? String(Number(value !== '0')) : numbers.join('\t')
}

/** The switch for all devices writes each of them (net/ipv4/devinet.c, inet_forward_change; net/ipv6/addrconf.c). */
function alongWith(key: string, value: string, all: Sysctls): readonly string[] {
  const four = key === 'net.ipv4.ip_forward' || key === 'net.ipv4.conf.all.forwarding'
  // One that is as it was changes nothing.
  if (four && all[key] === value) return []
  if (!four && key !== 'net.ipv6.conf.all.forwarding') return []
  const each = new RegExp(`^net\\.ipv${four ? 4 : 6}\\.conf\\..+\\.forwarding$`)
  return Object.keys(all).filter((one) => each.test(one) || (four && one === 'net.ipv4.ip_forward'))
}

/** A device that forwards IPv6 has the anycast address of each of its networks (net/ipv6/addrconf.c, addrconf_join_anycast). */
function routedAnew(before: NamespaceState, after: NamespaceState): NamespaceState {
  const { routes6, links } = after
  const changed = links?.filter(({ name }) => forwards(before, name) !== forwards(after, name)) ?? []
  if (!routes6 || changed.length === 0) return after
  const off = new Set(changed.map(({ name }) => name))
  const left = routes6.filter(({ type, dev }) => type !== 'anycast' || !off.has(dev ?? ''))
  const fresh = changed.flatMap((link) =>
    link.up && forwards(after, link.name)
      ? link.addresses.flatMap((own) => (own.family === 6 ? anycastOf(link, own) : []))
      : [],
  )
  return { ...after, routes6: [...left, ...fresh] }
}

const forwards = ({ sysctls }: NamespaceState, device: string): boolean =>
  Number(sysctls ? deviceSetting(sysctls, 6, device, 'forwarding') : undefined) > 0
