import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, ip } from './agent.ts'
import { plugIn, port } from './cni.ts'
import type { Macs } from './remake.ts'
import { changingSets } from './set-changes.ts'
import { quick, settings } from './settings.ts'
import { hasIpset, hasIpvlan, names } from './site.ts'
import type { Name } from './site.ts'
import type { Tables } from './tables.ts'

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
  ...changingSets,
]

export interface Site {
  readonly agents: Readonly<Record<Name | 'switch', Agent>>
  /** The rules CNI's plugins made on the two clients, and Nomad's own one. */
  readonly made: Readonly<Record<'host' | 'peer', Readonly<Record<4 | 6, Tables>>>>
  readonly macs: Macs
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
    return { agents, made, macs: await macsOf(agents), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function macsOf(agents: Site['agents']): Promise<Macs> {
  const lists = names.map(async (name) => {
    const [shown] = await agents[name].must(ip('-j', 'link', 'show'))
    const links = JSON.parse(shown?.out ?? '[]') as readonly { readonly ifname: string; readonly address: string }[]
    return links.map(({ ifname, address }) => [`${name} ${ifname}`, address] as const)
  })
  return new Map((await Promise.all(lists)).flat())
}

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

const docker = (host: Agent, into: Agent): Promise<unknown> =>
  host.must(
    ip('link', 'add', 'docker0', 'type', 'bridge'),
    ip('link', 'set', 'docker0', 'up'),
    ip('link', 'add', 'vethd1', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(into.pid)),
    ip('link', 'set', 'vethd1', 'master', 'docker0', 'up'),
  )
