import type { Namespace } from '../../shapes/port.ts'
import type { JobSpec } from '../../shapes/job.ts'
import type { Called } from '../../shapes/said.ts'
import { loops } from '../../said.ts'
import { called } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import type { Dial } from '../../facts/path.ts'
import type { Link } from '../../shapes/packet.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'
import { group, job, link as linkOf, nodeDocument } from '../../samples.ts'

const mapped = { label: 'http', hostIp: '10.0.0.1', hostPort: 8080, to: 8080, hostNetwork: 'default' }
const port = { label: 'http', number: null, mapped }
const scoped = {
  kind: 'to',
  address: '172.26.64.3',
  port: 8080,
  chain: 'CNI-DN-1',
  rule: '-A CNI-DN-1 -d 10.0.0.1/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.26.64.3:8080',
  alloc: 'a1',
} as const
const link = (...addresses: readonly string[]): Link => linkOf('eth0', ...addresses)
const backend = nodeDocument({
  hostNetworks: [{ name: 'backend', cidr: '172.31.0.0/16', interface: '', reservedPorts: '' }],
})

/** Addresses of the client that the rule leaves out: the one dialled, or those beside the host address that no network of the client has. */
function leftOut(
  hostIp: string,
  dials: readonly Dial[],
  links: readonly Link[],
  node: NodeDocument,
): { address: string; dialled: boolean } | undefined {
  const others = (of: readonly Link[]) =>
    of.flatMap(({ addresses }) =>
      addresses
        .filter(({ family, scope, address }) => family === 4 && scope === 'global' && address !== hostIp)
        .map(({ address }) => address),
    )
  const hosts = dials.map(({ host }) => host).filter((host) => host !== '')
  if (hosts.length > 0) {
    const dialled = hosts.find((host) => others(links).includes(host))
    return dialled === undefined ? undefined : { address: dialled, dialled: true }
  }
  const named = new Set(node.networks.flatMap(({ addresses }) => addresses.map(({ address }) => address)))
  const beside = others(links.filter(({ addresses }) => addresses.some(({ address }) => address === hostIp))).find(
    (address) => !named.has(address),
  )
  return beside === undefined ? undefined : { address: beside, dialled: false }
}

/** In the host's namespace, loopback is dialled for a mapped port that a host network ties to its own address. */
const tied = (calls: readonly Called[], spaces: Readonly<Record<string, Namespace>>, { groups }: JobSpec) =>
  calls
    .filter(({ task, host }) => spaces[task] === 'host' && loops(host))
    .flatMap((call) =>
      groups
        .filter(({ network }) => network?.mode === 'bridge')
        .flatMap(({ network }) =>
          (network?.ports ?? [])
            .filter(({ static: own, hostNetwork }) => own === call.port && hostNetwork !== 'default')
            .map((mapping) => ({ call, mapping })),
        ),
    )
    .at(0)
const statsd = (hostNetwork: string) =>
  job({
    groups: [group({ network: { mode: 'bridge', ports: [{ label: 'statsd', static: 8125, to: 8125, hostNetwork }] } })],
  })

export const hostNetworkDisablesWildcard = fault({
  id: 'host-network-disables-wildcard',
  aliases: ['hostip-scoped-dnat'],
  about: 'path',
  title: 'Since the client has a host_network, the port answers on one address of the client only',
  layer: 'port',
  severity: 'breaks',
  heard: ['curl: (7) Failed to connect to <address> port <port>: Connection refused'],
  onlyWhen: {
    'target.group.network.mode': ['bridge', 'cni'],
    'path.place': ['outside', 'other-client'],
    'path.discovery': ['load-balancer', 'fixed-address'],
  },
  needs: ['path.inbound.translation', 'path.port', 'path.dials', 'target.node.document', 'target.node.links'],
  shows: ['path.inbound.translation', 'target.node.links', 'target.node.document'],
  holds: ({
    'path.inbound.translation': nat,
    'path.port': { mapped: own },
    'path.dials': dials,
    'target.node.document': node,
    'target.node.links': links,
  }) => {
    if (!own || own.hostNetwork !== 'default' || node.hostNetworks.length === 0) return false
    if (nat?.kind === 'to' && !nat.rule.includes(`-d ${own.hostIp}`)) return false
    const found = leftOut(own.hostIp, dials, links, node)
    if (!found) return false
    const names = node.hostNetworks.map(({ name }) => name).join(', ')
    return {
      says: `Port ${own.label} of ${node.name} answers on ${own.hostIp}:${own.hostPort} only, not on ${found.address}: the client has a host_network (${names}), so forwarding rules name the host address`,
      severity: found.dialled ? 'breaks' : 'degrades',
    }
  },
  byHand:
    'iptables-save -t nat on the client: the DNAT rule of the allocation has -d <host address>; the address that is refused is another one of the client.',
  explains: [],
  because:
    'Without any host_network Nomad leaves the destination address out of the forwarding rule, and a bridge port answers on every address of the client, virtual ones included. One host_network block, whatever it is for, switches that off for all: the rules of new allocations match the host address of the port only, and other addresses find nothing that listens.',
  fix: ({ 'target.node.document': node }) => [
    {
      do: 'Declare a host_network for the address that callers use, and name it in the port block (host_network = "<name>")',
      on: `client configuration of ${node.name}, job file`,
      risk: 'The Nomad agent restarts; the allocation is replaced, and the port leaves its present address',
    },
    { do: 'Or let the callers use the host address of the port', on: 'callers', risk: 'none' },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bind_wildcard_default_host_network',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the virtual address is dialled',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'outside',
        'path.discovery': 'load-balancer',
        'path.inbound.translation': scoped,
        'path.port': port,
        'path.dials': [{ host: '10.0.0.100', from: 'case' }],
        'target.node.document': backend,
        'target.node.links': [link('10.0.0.1', '10.0.0.100')],
      },
      then: 'present',
    },
    {
      name: 'there is no host_network',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'outside',
        'path.discovery': 'load-balancer',
        'path.inbound.translation': scoped,
        'path.port': port,
        'path.dials': [],
        'target.node.document': nodeDocument(),
        'target.node.links': [link('10.0.0.1', '10.0.0.100')],
      },
      then: 'absent',
    },
    {
      name: 'the client has no other address',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'outside',
        'path.discovery': 'load-balancer',
        'path.inbound.translation': scoped,
        'path.port': port,
        'path.dials': [],
        'target.node.document': backend,
        'target.node.links': [link('10.0.0.1')],
      },
      then: 'absent',
    },
    {
      name: 'in host mode nothing is forwarded',
      given: {
        'target.group.network.mode': 'host',
        'path.place': 'outside',
        'path.discovery': 'load-balancer',
        'path.inbound.translation': null,
        'path.port': port,
        'path.dials': [],
        'target.node.document': backend,
        'target.node.links': [link('10.0.0.1', '10.0.0.100')],
      },
      then: 'absent',
    },
    {
      name: 'a caller on the same client',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'same-client',
        'path.discovery': 'load-balancer',
        'path.inbound.translation': scoped,
        'path.port': port,
        'path.dials': [],
        'target.node.document': backend,
        'target.node.links': [link('10.0.0.1', '10.0.0.100')],
      },
      then: 'absent',
    },
    {
      name: 'a caller that asks the catalogue uses the host address',
      given: {
        'target.group.network.mode': 'bridge',
        'path.place': 'other-client',
        'path.discovery': 'nomad-template',
        'path.inbound.translation': scoped,
        'path.port': port,
        'path.dials': [],
        'target.node.document': backend,
        'target.node.links': [link('10.0.0.1', '10.0.0.100')],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.calls', 'group.task-namespaces', 'job.spec'],
    shows: ['group.calls', 'job.spec'],
    holds: ({ 'group.calls': calls, 'group.task-namespaces': spaces, 'job.spec': job }) => {
      const found = tied(calls, spaces, job)
      return found
        ? {
            says: `Task ${found.call.task} calls ${found.call.host}:${found.call.port}, but port ${found.mapping.label} is mapped on the address of host network ${found.mapping.hostNetwork} alone, not on loopback`,
            at: found.call.at,
          }
        : false
    },
    fix: ({ 'group.calls': calls, 'group.task-namespaces': spaces, 'job.spec': job }) => [
      {
        do: `Call the address of host network ${tied(calls, spaces, job)?.mapping.hostNetwork ?? ''}: a port of the calling group on the same host network tells it as NOMAD_IP_<label>`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'statsd on a host network',
        given: {
          'group.calls': [called({ port: 8125 })],
          'group.task-namespaces': { server: 'host' },
          'job.spec': statsd('mgmt'),
        },
        then: 'present',
      },
      {
        name: 'on the default one',
        given: {
          'group.calls': [called({ port: 8125 })],
          'group.task-namespaces': { server: 'host' },
          'job.spec': statsd('default'),
        },
        then: 'absent',
      },
    ],
  },
})
