import type {
  BridgePort,
  ConntrackEntry,
  FdbEntry,
  IpSet,
  IptablesSave,
  Link,
  Listener,
  Neighbour,
  NftRuleset,
  Route,
  RouteRule,
  XfrmPolicy,
} from '../shapes/packet.ts'
import { fact } from '../fact.ts'
import type { Kernel } from '../shapes/walk.ts'
import type { Connections, TrackingCounters } from '../shapes/connections.ts'
import type { BridgePlan, CniFile, CniNetwork } from '../shapes/crossing.ts'
import type { AllocRecord, ConsulInstance, Container, NodeDocument } from '../shapes/runtime.ts'

export const nodeFacts = {
  'node.document': fact<NodeDocument>('What the client told the servers about itself.'),
  'node.status': fact<NodeDocument['status']>('Status of the client in the eyes of the servers.'),
  'node.up': fact<'up' | 'down'>('Whether the agent of the client runs.'),
  'node.version': fact<string>('Nomad version of the client.'),
  'node.cni.plugins': fact<Readonly<Record<string, string>>>('CNI plug-ins the client fingerprinted, with versions.'),
  'node.cni.reported': fact<boolean>('Whether the client reports any CNI plug-in.'),
  'node.consul.fingerprinted': fact<boolean>('Whether the client has consul.* attributes.'),
  'node.modes': fact<readonly string[]>('Network modes the client offers: host, bridge, cni/<name>.'),
  'node.host-networks': fact<readonly string[]>('Names of the host networks the client offers, `default` among them.'),
  'node.addresses': fact<readonly string[]>('Addresses the client fingerprinted for its networks.'),
  'node.allocations': fact<readonly AllocRecord[]>('Allocations of the client, dead ones included.'),
  'node.agent': fact<Readonly<Record<string, unknown>>>("The client agent's own configuration, as its agent tells it."),
  'node.links': fact<readonly Link[]>('Network interfaces in the host namespace, with addresses.'),
  'node.routes': fact<readonly Route[]>('IPv4 routes of all tables.'),
  'node.routes6': fact<readonly Route[]>('IPv6 routes of all tables.'),
  'node.rules': fact<readonly RouteRule[]>('Policy routing rules.'),
  'node.rules6': fact<readonly RouteRule[]>('IPv6 policy routing rules.'),
  'node.neighbours': fact<readonly Neighbour[]>('Neighbour table.'),
  'node.bridge.ports': fact<readonly BridgePort[]>('Ports of all bridges.'),
  'node.bridge.fdb': fact<readonly FdbEntry[]>('Forwarding database of all bridges.'),
  'node.iptables': fact<IptablesSave>('iptables-save of the default backend.'),
  'node.ip6tables': fact<IptablesSave>('ip6tables-save of the default backend.'),
  'node.iptables.legacy': fact<IptablesSave>('iptables-legacy-save.'),
  'node.ip6tables.legacy': fact<IptablesSave>('ip6tables-legacy-save.'),
  'node.ipsets': fact<readonly IpSet[]>('Sets that iptables rules may refer to, with their members.'),
  'node.xfrm': fact<readonly XfrmPolicy[]>('Policies of IPsec.'),
  'node.nft': fact<NftRuleset>('The whole nft ruleset.'),
  'node.listeners': fact<readonly Listener[]>('Listening TCP and UDP sockets in the host namespace.'),
  'node.conntrack': fact<readonly ConntrackEntry[]>('Connection tracking entries.'),
  'node.conntrack.counters': fact<TrackingCounters>(
    'What became of new connections when the table of tracked ones was full, since the client counts.',
  ),
  'node.connections': fact<Connections | null>(
    'Connections the client keeps track of, and how many it may; null when it keeps track of none, or of as many as there are.',
  ),
  'node.sysctls': fact<Readonly<Record<string, string>>>('Kernel settings under net, in the host namespace.'),
  'node.resolv-conf': fact<string>('Text of /etc/resolv.conf on the client.'),
  'node.hosts-file': fact<string>('Text of /etc/hosts on the client.'),
  'node.cni.binaries': fact<readonly { name: string; mode: string; size: number }[]>(
    'Files in the folders of CNI plug-ins.',
  ),
  'node.cni.configs': fact<readonly { name: string; text?: string }[]>(
    'Files in the CNI configuration folder, with text where it was read.',
  ),
  'node.cni.networks': fact<readonly CniFile[]>(
    "The operator's CNI networks, in the order in which the agent reads their files.",
  ),
  'node.cni.overlap': fact<{
    readonly first: CniNetwork
    readonly second: CniNetwork
    readonly subnet: string
    readonly other: string
  } | null>("Two of the operator's CNI networks that give out the same addresses; null when there are none."),
  'node.containers': fact<readonly Container[]>('All docker containers of the client.'),
  'node.docker.version': fact<string>('Version of the docker engine.'),
  'node.docker.networks': fact<readonly { name: string; driver: string; subnets: readonly string[]; bridge: string }[]>(
    'Docker networks of the client.',
  ),
  'node.netns.names': fact<readonly string[]>('Names in /var/run/netns.'),
  'node.default-interface': fact<'found' | 'lost'>(
    'Whether the agent has an interface to go by; lost when it did not start for want of a default route.',
  ),
  'node.agent-log': fact<string>("The newest lines of the client agent's log, where they could be read."),
  'node.consul.answers': fact<boolean>('Whether a Consul agent answers on the client now, where Nomad looks for it.'),
  'node.consul.grpc': fact<'none' | 'off' | 'plain' | 'tls'>(
    'The gRPC port of Consul that the client fingerprinted: none told, switched off, without or with TLS.',
  ),
  'node.consul.services': fact<readonly ConsulInstance[]>(
    "Services registered at the client's own Consul agent, with their checks.",
  ),
  'node.kernel': fact<Kernel>('What decides about packets in the host namespace, as far as it was read.'),
  'node.reverse-path-drops': fact<number>('Packets the reverse path filter dropped since the client was started.'),
  'node.bridge.plan': fact<BridgePlan>("The subnet of Nomad's bridge as the client's configuration asks for it."),
  'node.docker.overlap': fact<{ readonly network: string; readonly subnet: string } | null>(
    "A docker network with addresses of the bridge's subnet; null when there is none.",
  ),
}
