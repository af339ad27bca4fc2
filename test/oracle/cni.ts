import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ip } from './agent.ts'
import type { Agent } from './agent.ts'
import { parseTables } from './tables.ts'
import type { Tables } from './tables.ts'

/** Where the programs of the CNI project may be. */
export const cniFolder = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'].find((path) =>
  existsSync(join(path, 'portmap')),
)

interface Mapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly hostIP?: string
}

export const port = (hostPort: number, containerPort: number, hostIP?: string): Mapping =>
  hostIP === undefined ? { hostPort, containerPort } : { hostPort, containerPort, hostIP }

/** Runs the plugins as Nomad's bridge mode does, one after the other. */
export async function plugIn(
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

export function plugins(
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
