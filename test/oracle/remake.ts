import type { Agent, Run } from './agent.ts'
import { devices, routes } from './site.ts'
import type { Name } from './site.ts'

/** Routes of these types survive a flush that does not name them (IPv6). */
const forbidding = ['blackhole', 'unreachable', 'prohibit', 'throw']

/** Devices that only some worlds have. */
const extra = ['vx0', 'tun0', 'dum0']

/** Makes devices, addresses and routes anew, then what this world wants on top. */
export async function remake(agent: Agent, name: Name, more: readonly string[], macs: Macs): Promise<void> {
  const lines: string[] = [
    'xfrm policy flush',
    'rule flush',
    'neigh flush all nud permanent',
    'route flush table local',
  ]
  for (const family of ['', '-6 ']) {
    if (family !== '') lines.push(`${family}rule flush`)
    lines.push(`${family}rule add pref 32766 lookup main`)
    if (family === '') lines.push('rule add pref 32767 lookup default')
    for (const table of ['main', '100'])
      for (const type of ['', ...forbidding.map((name) => ` type ${name}`)])
        lines.push(`${family}route flush table ${table}${type}`)
  }
  if (name === 'host' || name === 'peer')
    lines.push('link set nomad type bridge nf_call_iptables 0 nf_call_ip6tables 0')
  for (const device of extra) lines.push(`link del ${device}`)
  for (const { name: device, master, idle, mode } of devices[name]) {
    // A bridge forgets what it was told of a port that leaves it.
    if (master)
      lines.push(
        `link set ${device} nomaster`,
        `link set ${device} master ${master}`,
        `link set ${device} type bridge_slave hairpin off isolated off learning on flood on bcast_flood on`,
      )
    lines.push(`addr flush dev ${device}`, `link set ${device} ${idle ? 'down' : 'up'}`)
    if (device !== 'lo') lines.push(`link set ${device} mtu 1500 arp on`)
    if (mode) lines.push(`link set ${device} type macvlan mode ${mode}`)
  }
  // After all links: an address needs its device up to have its route.
  for (const { name: device, addresses } of devices[name])
    for (const address of addresses)
      lines.push(`addr replace ${address} dev ${device}${address.includes(':') ? ' nodad' : ' brd +'}`)
  for (const route of routes[name]) lines.push(`route replace ${route}`)
  lines.push(...more)
  const batches = split(lines.map((line) => withMacs(line, macs)))
  const done = await agent.run(batches)
  const early = batches.findIndex((_, i) => !/ lo:| master nomad /.test(done[i]?.out ?? ''))
  if (early !== -1) throw new Error(`${name}: ip ended early: ${done[early]?.err}\n${batches[early]?.stdin}`)
}

/** Link addresses by namespace and device; a line of a world writes `{a1 eth0}`. */
export type Macs = ReadonlyMap<string, string>

const withMacs = (line: string, macs: Macs): string =>
  line.replace(/\{([^}]*)\}/g, (text, port: string) => macs.get(port) ?? text)

/** The lines of a batch are all of one program and family: in a line of its own -6 is no option. */
function split(lines: readonly string[]): readonly Run[] {
  const groups: { readonly start: string; readonly lines: string[] }[] = []
  for (const line of lines) {
    const start = ['-6 ', 'bridge '].find((one) => line.startsWith(one)) ?? ''
    if (groups.at(-1)?.start !== start) groups.push({ start, lines: [] })
    groups.at(-1)?.lines.push(line.slice(start.length))
  }
  // Some commands end the whole batch when they fail: the last line shows that it was reached.
  return groups.map(({ start, lines: list }) => ({
    argv:
      start === 'bridge '
        ? ['bridge', '-force', '-batch', '-']
        : ['ip', ...(start === '' ? [] : ['-6']), '-force', '-batch', '-'],
    stdin: `${list.join('\n')}\n${start === 'bridge ' ? 'link show' : 'link show dev lo'}\n`,
  }))
}
