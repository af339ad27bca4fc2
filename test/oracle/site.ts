import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Join } from '../../src/packet/walk/index.ts'
import { Agent } from './agent.ts'
import { parseTables } from './tables.ts'
import type { Tables } from './tables.ts'

/** Where the programs of the CNI project may be. */
export const cniFolder = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'].find((path) =>
  existsSync(join(path, 'portmap')),
)

/** Not every kernel has it; a macvlan device stands in for it then. */
export const hasIpvlan =
  spawnSync('unshare', ['--net', 'sh', '-c', 'ip link add type veth && ip link add link veth0 type ipvlan']).status ===
  0

const path = (process.env['PATH'] ?? '').split(':')
/** Sets of addresses are tried where their program is. */
export const hasIpset = path.some((folder) => existsSync(join(folder, 'ipset')))

const sets = [
  'create friends hash:ip family inet',
  'add friends 10.99.0.3',
  'add friends 172.26.64.3',
  'create nets hash:net family inet',
  'add nets 10.98.0.0/24',
  'add nets 172.26.64.0/20',
  'add nets 172.26.64.2/32 nomatch',
  'create doors bitmap:port range 8000-26000',
  'add doors 8080',
  'add doors 25001-25002',
  'create pairs hash:ip,port family inet',
  'add pairs 172.26.64.2,tcp:8080',
  'add pairs 10.99.0.1,udp:25001',
  'create friends6 hash:ip family inet6',
  'add friends6 fd99::3',
  'create both list:set',
  'add both friends',
  'add both nets',
]

/**
 * A Nomad client (`host`) with two allocations and a container of Docker, a second client (`peer`) with one, and a
 * machine without rules (`client`) that is also the way out. Every namespace has no name and ends with its helper.
 */
export const names = ['host', 'peer', 'client', 'a1', 'a2', 'b1', 'd1'] as const
export type Name = (typeof names)[number]

interface Device {
  readonly name: string
  readonly addresses: readonly string[]
  readonly master?: string
  /** Down unless a world takes it up. */
  readonly idle?: boolean
}

const link = (n: number): string => `fe80::${n}/64`
const alloc = (n: number): readonly Device[] => [
  { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
  { name: 'eth0', addresses: [`172.26.64.${n}/20`, `fd00:a110::${n}/64`, link(n)] },
]
/** On the network of the hosts, beside the bridge. */
const idle = (name: string): Device => ({ name, addresses: [], idle: true })
const lo: Device = { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] }
const bridge: Device = { name: 'nomad', addresses: ['172.26.64.1/20', 'fd00:a110::1/64', link(1)] }

/** How every namespace is before something is changed in it. */
export const devices: Readonly<Record<Name, readonly Device[]>> = {
  host: [
    lo,
    { name: 'eth0', addresses: ['10.99.0.1/24', 'fd99::1/64', link(1)] },
    { name: 'eth1', addresses: ['10.98.0.1/24', 'fd98::1/64', link(1)] },
    bridge,
    { name: 'docker0', addresses: ['172.17.0.1/16', link(1)] },
    { name: 'vetha1', addresses: [], master: 'nomad' },
    { name: 'vetha2', addresses: [], master: 'nomad' },
    { name: 'vethd1', addresses: [], master: 'docker0' },
  ],
  peer: [
    lo,
    { name: 'eth0', addresses: ['10.99.0.2/24', 'fd99::2/64', link(2)] },
    bridge,
    { name: 'vethb1', addresses: [], master: 'nomad' },
  ],
  client: [
    { ...lo, addresses: [...lo.addresses, '192.0.2.10/32'] },
    { name: 'eth0', addresses: ['10.99.0.3/24', 'fd99::3/64', link(3)] },
    { name: 'eth1', addresses: ['10.98.0.3/24', 'fd98::3/64', link(3)] },
  ],
  a1: alloc(2),
  a2: [...alloc(3), idle('mac0')],
  b1: [...alloc(2), idle('ipv0')],
  d1: [lo, { name: 'eth0', addresses: ['172.17.0.2/16', link(2)] }, idle('mac0')],
}

export const routes: Readonly<Record<Name, readonly string[]>> = {
  host: ['default via 10.99.0.3', 'default via fd99::3'],
  peer: ['default via 10.99.0.3', 'default via fd99::3'],
  client: ['172.26.64.0/20 via 10.99.0.1', '172.17.0.0/16 via 10.99.0.1', 'fd00:a110::/64 via fd99::1'],
  a1: ['default via 172.26.64.1', 'default via fd00:a110::1'],
  a2: ['default via 172.26.64.1', 'default via fd00:a110::1'],
  b1: ['default via 172.26.64.1', 'default via fd00:a110::1'],
  d1: ['default via 172.17.0.1'],
}

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
      [`net.ipv4.conf.${device}.proxy_arp`, '0'],
      [`net.ipv6.conf.${device}.forwarding`, router],
      [`net.ipv6.conf.${device}.accept_redirects`, '0'],
    )
  }
  return found
}

/** What only makes the measuring quick and quiet: no waiting for neighbours, no limits on ICMP errors, no DAD. */
function quick(name: Name): readonly (readonly [string, string])[] {
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

export const joins: readonly Join[] = [
  veth('host', 'eth1', 'client', 'eth1'),
  veth('host', 'vetha1', 'a1', 'eth0'),
  veth('host', 'vetha2', 'a2', 'eth0'),
  veth('host', 'vethd1', 'd1', 'eth0'),
  veth('peer', 'vethb1', 'b1', 'eth0'),
  {
    kind: 'wire',
    name: 'lan',
    ports: (['host', 'peer', 'client'] as const).map((namespace) => ({ namespace, device: 'eth0' })),
  },
  child('macvlan', 'host', 'a2', 'mac0', 'bridge'),
  child('macvlan', 'host', 'd1', 'mac0', 'bridge'),
  hasIpvlan ? child('ipvlan', 'peer', 'b1', 'ipv0', 'l2') : child('macvlan', 'peer', 'b1', 'ipv0', 'bridge'),
]

function child(kind: 'macvlan' | 'ipvlan', parent: Name, namespace: Name, device: string, mode: string): Join {
  return { kind, parent: { namespace: parent, device: 'eth0' }, child: { namespace, device }, mode }
}

function veth(a: Name, deviceOfA: string, b: Name, deviceOfB: string): Join {
  return { kind: 'veth', a: { namespace: a, device: deviceOfA }, b: { namespace: b, device: deviceOfB } }
}

export interface Site {
  readonly agents: Readonly<Record<Name, Agent>>
  /** The rules CNI's plugins made on the two clients, and Nomad's own one. */
  readonly made: Readonly<Record<'host' | 'peer', Readonly<Record<4 | 6, Tables>>>>
  stop(): Promise<void>
}

export async function buildSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-oracle-'))
  const started: Agent[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((agent) => agent.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const start = async (name: string): Promise<Agent> => {
      const agent = await Agent.start(name, { XTABLES_LOCKFILE: join(folder, `${name}.lock`) })
      started.push(agent)
      return agent
    }
    const all = await Promise.all([...names, 'switch'].map(start))
    const agents = Object.fromEntries(all.map((agent) => [agent.name, agent])) as Record<Name | 'switch', Agent>
    await cable(agents)
    const made = {
      host: await plugIn(agents.host, folder, [
        { id: 'a1', into: agents.a1, ports: [port(25001, 8080), port(25010, 8081)] },
        { id: 'a2', into: agents.a2, ports: [port(25002, 8080, '10.99.0.1')] },
      ]),
      peer: await plugIn(agents.peer, folder, [{ id: 'b1', into: agents.b1, ports: [port(25001, 8080)] }]),
    }
    await docker(agents.host, agents.d1)
    await onTop(agents)
    await Promise.all(
      names.map(async (name) => {
        await agents[name].set(quick(name))
        if (hasIpset) await agents[name].must({ argv: ['ipset', 'restore'], stdin: `${sets.join('\n')}\n` })
        const wrong = await agents[name].set(settings(name))
        if (wrong.length > 0) throw new Error(`${name}: ${wrong.join('\n')}`)
      }),
    )
    return { agents, made, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const ip = (...argv: string[]): { argv: readonly string[] } => ({ argv: ['ip', ...argv] })

async function cable(agents: Readonly<Record<Name | 'switch', Agent>>): Promise<void> {
  const before: [string, string][] = [
    ['net.ipv6.conf.default.accept_dad', '0'],
    ['net.ipv6.conf.default.router_solicitations', '0'],
  ]
  await Promise.all(Object.values(agents).map((agent) => agent.set(before)))
  await agents.switch.must(ip('link', 'add', 'lan', 'type', 'bridge'), ip('link', 'set', 'lan', 'up'))
  for (const name of ['host', 'peer', 'client'] as const)
    await agents.switch.must(
      ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(agents[name].pid)),
      ip('link', 'set', name, 'master', 'lan', 'up'),
    )
  await agents.host.must(
    ip('link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth1', 'netns', String(agents.client.pid)),
  )
  await Promise.all(Object.values(agents).map((agent) => agent.must(ip('link', 'set', 'lo', 'up'))))
}

/** Devices that share the network card of their host. */
async function onTop({ host, peer, a2, b1, d1 }: Readonly<Record<Name | 'switch', Agent>>): Promise<void> {
  const add = (name: string, into: Agent, ...kind: readonly string[]): { argv: readonly string[] } =>
    ip('link', 'add', 'link', 'eth0', 'name', name, 'netns', String(into.pid), 'type', ...kind)
  await host.must(add('mac0', a2, 'macvlan', 'mode', 'bridge'), add('mac0', d1, 'macvlan', 'mode', 'bridge'))
  await peer.must(hasIpvlan ? add('ipv0', b1, 'ipvlan', 'mode', 'l2') : add('ipv0', b1, 'macvlan', 'mode', 'bridge'))
}

interface Mapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly hostIP?: string
}

const port = (hostPort: number, containerPort: number, hostIP?: string): Mapping =>
  hostIP === undefined ? { hostPort, containerPort } : { hostPort, containerPort, hostIP }

/** Runs the plugins as Nomad's bridge mode does, one after the other. */
async function plugIn(
  host: Agent,
  folder: string,
  allocs: readonly { readonly id: string; readonly into: Agent; readonly ports: readonly Mapping[] }[],
): Promise<Readonly<Record<4 | 6, Tables>>> {
  for (const [program, net] of [
    ['iptables', '172.26.64.0/20'],
    ['ip6tables', 'fd00:a110::/64'],
  ] as const)
    await host.must(
      { argv: [program, '-N', 'NOMAD-ADMIN'] },
      { argv: [program, '-A', 'NOMAD-ADMIN', '-o', 'nomad', '-d', net, '-j', 'ACCEPT'] },
    )
  for (const { id, into, ports } of allocs) {
    let prevResult: unknown
    for (const plugin of plugins(join(folder, host.name), ports)) {
      const config = { cniVersion: '0.4.0', name: 'nomad', ...plugin, ...(prevResult ? { prevResult } : {}) }
      const env = {
        CNI_COMMAND: 'ADD',
        CNI_CONTAINERID: `00000000-0000-4000-8000-0000000000${id}`,
        CNI_NETNS: `/proc/${into.pid}/ns/net`,
        CNI_IFNAME: 'eth0',
        CNI_PATH: cniFolder ?? '',
      }
      const [done] = await host.must({
        argv: [join(cniFolder ?? '', plugin.type)],
        stdin: JSON.stringify(config),
        env,
      })
      prevResult = JSON.parse(done?.out ?? '') as unknown
    }
    // The plugin names the host's end by chance.
    const { interfaces } = prevResult as { interfaces: readonly { name: string; sandbox?: string }[] }
    const end = interfaces.find(({ name, sandbox }) => name.startsWith('veth') && !sandbox)?.name ?? ''
    await host.must(
      ip('link', 'set', end, 'down'),
      ip('link', 'set', end, 'name', `veth${id}`),
      ip('link', 'set', `veth${id}`, 'up'),
    )
  }
  const [four, six] = await host.must({ argv: ['iptables-save'] }, { argv: ['ip6tables-save'] })
  return { 4: parseTables(four?.out ?? ''), 6: parseTables(six?.out ?? '') }
}

function plugins(
  folder: string,
  ports: readonly Mapping[],
): readonly { readonly type: string; readonly [key: string]: unknown }[] {
  const ranges = [[{ subnet: '172.26.64.0/20' }], [{ subnet: 'fd00:a110::/64' }]]
  const portMappings = ports.flatMap((one) => ['tcp', 'udp'].map((protocol) => ({ ...one, protocol })))
  return [
    {
      type: 'bridge',
      bridge: 'nomad',
      ipMasq: true,
      isGateway: true,
      forceAddress: true,
      hairpinMode: false,
      ipam: { type: 'host-local', ranges, routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }], dataDir: folder },
    },
    { type: 'firewall', backend: 'iptables', iptablesAdminChainName: 'NOMAD-ADMIN' },
    { type: 'portmap', capabilities: { portMappings: true }, snat: true, runtimeConfig: { portMappings } },
  ]
}

const docker = (host: Agent, into: Agent): Promise<unknown> =>
  host.must(
    ip('link', 'add', 'docker0', 'type', 'bridge'),
    ip('link', 'set', 'docker0', 'up'),
    ip('link', 'add', 'vethd1', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(into.pid)),
    ip('link', 'set', 'vethd1', 'master', 'docker0', 'up'),
  )
