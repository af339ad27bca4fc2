import type { HeldUp } from '../shapes/held-up.ts'
import type { TemplateConsul } from '../shapes/template.ts'
import type {
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
import type { StuckConnection } from '../shapes/connections.ts'
import type { Claim, CniNetwork, Gateway, Uplink } from '../shapes/crossing.ts'
import type { Kernel } from '../shapes/walk.ts'
import type { ListeningPort, PortWay } from '../shapes/port.ts'
import type { AllocRecord, BindError, CheckResult, Container, ServiceRow, TemplateTrouble } from '../shapes/runtime.ts'

export const allocFacts = {
  'alloc.record': fact<AllocRecord>('The allocation as the servers know it, with its task states and events.'),
  'alloc.asked': fact<number>('When the servers were asked about the allocation, as Unix nanoseconds: its present.'),
  'alloc.status': fact<AllocRecord['clientStatus'] | 'stopping'>(
    'Client status of the allocation; stopping: it runs still, and the servers want it to end.',
  ),
  'alloc.namespace-kind': fact<'own' | 'host'>('Whether the allocation has a network namespace of its own.'),
  'alloc.start': fact<'up' | 'waiting' | 'unsteady' | 'no-set-up' | 'no-bind'>(
    'How far it came: up, waiting for its tasks, a task that does not stay up, its set-up failed, or a port could not be bound.',
  ),
  'alloc.setup-failure': fact<string | null>(
    'Why its network or its tasks could not be set up at all, as the client says; null when they could.',
  ),
  'alloc.driver-failure': fact<string | null>(
    'Why the driver could not start a task that does not stay up, as its newest event says; null when it could.',
  ),
  'alloc.bind-error': fact<BindError | null>(
    'Why a task that does not stay up could not bind its port; null when none complained.',
  ),
  'alloc.templates': fact<'rendered' | 'waiting' | 'failed'>(
    'Whether the templates of its tasks are rendered, miss data, or failed.',
  ),
  'alloc.held-up': fact<HeldUp | null>('A prestart task that has not ended and calls a task which starts only then.'),
  'alloc.template-consul': fact<TemplateConsul | null>(
    'A template that waits for a Consul agent which its client does not have, or which does not answer there.',
  ),
  'alloc.template-asks': fact<'consul' | 'others' | 'nobody'>('Whom the templates ask that keep a task from running.'),
  'alloc.template-trouble': fact<readonly TemplateTrouble[]>(
    'What the client says of templates that keep a task from running.',
  ),
  'alloc.sidecar': fact<'none' | 'up' | 'waiting' | 'no-bootstrap' | 'no-image' | 'out-of-memory' | 'unsteady'>(
    'How the sidecar or gateway that Nomad added fares.',
  ),
  'alloc.sidecar-trouble': fact<{ readonly task: string; readonly text: string } | null>(
    'What the client says of a sidecar or gateway that does not run; null when it does, or there is none.',
  ),
  'alloc.envoy-bootstrap': fact<string>('What Consul said while the first configuration of Envoy was made.'),
  'alloc.checks': fact<readonly CheckResult[]>('Latest results of its native checks.'),
  'alloc.services': fact<readonly ServiceRow[]>('Its rows in the native service catalogue.'),
  'alloc.links': fact<readonly Link[]>('Interfaces in its network namespace, with addresses.'),
  'alloc.routes': fact<readonly Route[]>('IPv4 routes in its network namespace.'),
  'alloc.default-route': fact<'there' | 'none'>(
    'Whether its network namespace has an IPv4 default route; not known where interfaces and routes are not of one moment.',
  ),
  'alloc.routes6': fact<readonly Route[]>('IPv6 routes in its network namespace.'),
  'alloc.listeners': fact<readonly Listener[]>(
    'Sockets that listen where its ports lead: in its own namespace, or in the host namespace for host mode.',
  ),
  'alloc.netns.listeners': fact<readonly Listener[]>('Listening sockets in its network namespace.'),
  'alloc.iptables': fact<IptablesSave>('iptables-save in its network namespace.'),
  'alloc.ip6tables': fact<IptablesSave>('ip6tables-save in its network namespace.'),
  'alloc.nft': fact<NftRuleset>('The nft ruleset of its network namespace.'),
  'alloc.xfrm': fact<readonly XfrmPolicy[]>('Policies of IPsec in its network namespace.'),
  'alloc.rules': fact<readonly RouteRule[]>('Policy routing rules in its network namespace.'),
  'alloc.rules6': fact<readonly RouteRule[]>('IPv6 policy routing rules in its network namespace.'),
  'alloc.neighbours': fact<readonly Neighbour[]>('Neighbour table of its network namespace.'),
  'alloc.sysctls': fact<Readonly<Record<string, string>>>('Kernel settings under net in its namespace.'),
  'alloc.containers': fact<readonly Container[]>('Its docker containers, the pause container included.'),
  'alloc.docker.networks': fact<
    readonly { name: string; driver: string; subnets: readonly string[]; bridge: string }[]
  >('Docker networks of its client, where a task of it uses docker.'),
  'alloc.env': fact<Readonly<Record<string, Readonly<Record<string, string>>>>>(
    'Environment of each task, as seen inside it.',
  ),
  'alloc.rendered': fact<Readonly<Record<string, Readonly<Record<string, string>>>>>(
    'What the templates of each task that look services up wrote into files, by destination.',
  ),
  'alloc.resolv-conf': fact<Readonly<Record<string, string>>>('Text of /etc/resolv.conf in each task.'),
  'alloc.hosts-file': fact<Readonly<Record<string, string>>>('Text of /etc/hosts in each task.'),
  'alloc.logs': fact<Readonly<Record<string, { readonly stdout: string; readonly stderr: string }>>>(
    'The newest output of each task.',
  ),
  'alloc.port-ways': fact<readonly PortWay[]>('Its ports: who carries each one, and where the process must listen.'),
  'alloc.listening': fact<readonly ListeningPort[]>(
    'The ports somebody relies on, and what the sockets show for each.',
  ),
  'alloc.uplink': fact<Uplink | null>(
    "The host's end of its eth0, and the bridge that is a port of; null when it has no eth0.",
  ),
  'alloc.lost-gateway6': fact<Gateway | null>(
    "The IPv6 gateway of its default route, where Nomad's bridge has no address in that network any more; null otherwise.",
  ),
  'alloc.docker-claims': fact<string | null>(
    "The docker network to whose bridge its client's route to its address leads, where that network shares addresses with Nomad's bridge; null where none does, or docker was not asked.",
  ),
  'alloc.host-route': fact<Route | null>('The route its client uses for its address; null when there is none.'),
  'alloc.claim': fact<Claim | null>(
    "The route by which its client sends packets for it past its bridge, docker's networks aside; null when there is none.",
  ),
  'alloc.cni.network': fact<CniNetwork | null>(
    "The operator's CNI network it was set up with, as the client's file has it now; null for the modes of Nomad itself.",
  ),
  'alloc.kernel': fact<Kernel | null>(
    'What decides about packets in its network namespace, as far as it was read; null where it has none of its own.',
  ),
  'alloc.stuck': fact<readonly StuckConnection[]>('TCP connections in its network namespace that make no progress.'),
}
