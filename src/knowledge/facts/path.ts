import type { Diverted } from '../shapes/diverted.ts'
import { fact } from '../fact.ts'
import type { StuckConnection } from '../shapes/connections.ts'
import type {
  Claim,
  Entry,
  LoopbackOff,
  Off,
  ReversePath,
  Shadow,
  Stopped,
  Translation,
  Untranslated,
  Way,
} from '../shapes/crossing.ts'
import type { Crossing } from '../shapes/packet.ts'
import type { Ask, Asked, Lookup, Resolver } from '../shapes/discovery.ts'
import type { Untracked } from '../shapes/untracked.ts'
import type { OneWay } from '../shapes/one-way.ts'
import type { OwnSource, TurnedBack } from '../shapes/own-call.ts'
import type { Capture } from '../shapes/capture.ts'
import type {
  Disagreement,
  Narrow,
  PathNetwork,
  PathWalk,
  RouteStop,
  RuleStop,
  SixDoor,
  DeadDial,
  ZoneStop,
  Blackhole,
  Hushed,
} from '../shapes/walk.ts'
import type { AllocPort, Attempt, ConsulInstance, ServiceRow } from '../shapes/runtime.ts'
import type { ServiceSpec } from '../shapes/job.ts'
import type { Namespace } from '../shapes/port.ts'

/** How the source finds the target. */
export type Discovery =
  | 'localhost'
  | 'env-variable'
  | 'nomad-template'
  | 'consul-template'
  | 'consul-dns'
  | 'mesh-upstream'
  | 'transparent-proxy'
  | 'fixed-address'
  | 'load-balancer'

/** An address the source uses for the target, and where it stands. `port` is absent where only a host is given. */
export interface Dial {
  readonly host: string
  readonly port?: number
  /** `env ORDERS of task loop`, `template local/upstreams.env`, `case`, ... */
  readonly from: string
}

/** The host address that the scheduler gave a port. */
export interface HostAddress {
  readonly address: string
  /** The interface of the target's client that has it. */
  readonly device: string | null
  /** The interface of that client's default route. */
  readonly default: string | null
  /** The source's client has a route to it, other than the default one. */
  readonly routed: boolean
  /** An address of the default interface to which the source's client has such a route. */
  readonly better: string | null
}

export const pathFacts = {
  'path.modes': fact<'host' | 'bridge' | 'mixed' | 'cni' | 'none' | 'outside'>(
    "One word for the network modes of the path: the target's, or `mixed` when the source's differs.",
  ),
  'path.runs': fact<'yes' | 'no' | 'called'>(
    'Whether all of the target is placed and up; called, where it is and somebody is named who calls it.',
  ),
  'path.place': fact<'same-task' | 'same-alloc' | 'same-client' | 'other-client' | 'outside'>(
    'Where the source is, seen from the target.',
  ),
  'path.discovery': fact<Discovery>('How the source finds the target.'),
  'path.dials': fact<readonly Dial[]>('Addresses the source uses for the target.'),
  'path.port': fact<{
    readonly label: string | null
    readonly number: number | null
    readonly mapped: AllocPort | null
  }>('The port asked about, as the target declares it and as the scheduler gave it.'),
  'path.protocol': fact<'tcp' | 'udp' | 'unsaid'>(
    'How the target is called: as the person or a check of its service says, or by UDP where UDP sockets alone are behind the port; unsaid where nothing tells, and TCP is tried.',
  ),
  'path.flows': fact<readonly Attempt[]>(
    "UDP flows from the source's side that the target was seen to answer, by the connection tracking of its client; none where the path goes by TCP.",
  ),
  'path.service': fact<ServiceSpec | null>('The service of the target that stands for the port asked about.'),
  'path.inside-port': fact<number>('The port the server must listen on in its own namespace for the path to work.'),
  'path.attempts': fact<readonly Attempt[]>('Connection attempts along the path, each with its outcome.'),
  'path.reached': fact<'answered' | 'sometimes' | 'fails' | 'untold'>(
    'What a connection from the source to the registered address met; untold: it goes by UDP, and by the rules that were read it gets there.',
  ),
  'path.asks': fact<readonly Ask[]>(
    'Names the source asks a catalogue, DNS or its sidecar for, as its own text has them.',
  ),
  'path.mesh': fact<'upstream' | 'transparent-proxy' | 'native' | 'no-upstream' | 'none'>(
    'How the source calls the target through the service mesh, as both jobs have it; none: one side is outside the mesh.',
  ),
  'path.l7-intention': fact<'none' | 'some'>(
    'Whether an intention with HTTP permissions stands between the source and the target in the service mesh.',
  ),
  'path.asked.nomad': fact<readonly Asked[]>('Names asked of the native catalogue, and where they are registered.'),
  'path.asked.consul': fact<readonly Asked[]>('Names asked of Consul, and whether its catalogue has them.'),
  'path.asked.rows': fact<readonly { readonly ask: Ask; readonly rows: readonly ServiceRow[] }[]>(
    "The target's native services the source asks for, with their rows.",
  ),
  'path.asked.instances': fact<readonly { readonly ask: Ask; readonly instances: readonly ConsulInstance[] }[]>(
    "The target's services the source asks Consul for, with their instances, passing or not.",
  ),
  'path.names': fact<readonly string[]>('Host names the source looks up to find the target, at most three.'),
  'path.names.resolve': fact<'not-visible' | 'none-asked' | 'all' | 'not-all'>(
    'Whether the names the source looks up resolve in its task; not-visible: its texts show no way to anybody.',
  ),
  'path.resolver': fact<Resolver>('Name servers in /etc/resolv.conf of the source task.'),
  'path.lookups.task': fact<readonly Lookup[]>('What the source task gets for the names it looks up.'),
  'path.lookups.node': fact<readonly Lookup[]>(
    "What the source's client itself gets for the names that fail in the task.",
  ),
  'path.lookups.consul-port': fact<readonly string[]>(
    'Name servers of the source task that answer on port 8600, looked at when a name fails in the task.',
  ),
  'path.caller-namespace': fact<Namespace | 'outside'>('The namespace in which the source opens its connections.'),
  'path.local-listeners': fact<readonly number[]>(
    "Ports dialled on loopback on which something listens in the source's namespace.",
  ),
  'path.registered': fact<readonly { readonly address: string; readonly port: number }[]>(
    "Addresses registered for the target's allocation under its service.",
  ),
  'path.host-address': fact<HostAddress>(
    'The host address of the port asked about, and whether the source has a way to it.',
  ),
  'path.entry': fact<Entry>("How packets of the caller come to the target's client."),
  'path.inbound.way': fact<Way | null>(
    "The way of the caller's packets through the target's client, to the host port or the dialled address; null where there is none.",
  ),
  'path.outbound.way': fact<Way | null>(
    "The way of the caller's packets out of its own client; null when they do not leave a network namespace and a client.",
  ),
  'path.inbound.crossings': fact<readonly Crossing[]>(
    "How the caller's packets fare on that way, followed past whatever stops them there: one for each caller it may be and each way that rules take by chance.",
  ),
  'path.outbound.crossings': fact<readonly Crossing[]>('The same of packets that leave the client of the source.'),
  'path.inbound.translation': fact<Translation | null>(
    "What NAT of the target's client makes of a new connection; null where nothing is to be translated.",
  ),
  'path.inbound.input': fact<Stopped | null>(
    "What stops a new connection in the INPUT hook of the target's client; null when nothing does, or when it is forwarded.",
  ),
  'path.forward': fact<Stopped | null>(
    "Which client on the way does not forward a new connection, the target's client before the source's; null when all do.",
  ),
  'path.untranslated': fact<Untranslated | null>(
    "Which client on the way leaves an address untranslated, the target's before the source's; null when none does.",
  ),
  'path.untracked': fact<Untracked | null>(
    'The rule by which connection tracking never sees a call to a mapped port, or the answer of one that was translated; null when there is none.',
  ),
  'path.one-way': fact<OneWay | null>(
    "A network of the operator that leaves its addresses on the source's packets where nobody was seen to answer to them; null when none does.",
  ),
  'path.forwarding-off': fact<Off | null>(
    'Kernel setting that switches forwarding off on the way; null when none does.',
  ),
  'path.loopback-off': fact<LoopbackOff | null>(
    "Kernel setting by which the target's client drops a call to its loopback address on the way into the allocation; null when none does.",
  ),
  'path.shadowed': fact<Shadow | Claim | null>(
    "Two networks on the way that share addresses: that of the source's bridge has the target's address in it, or an interface of a client has the network of an allocation; null when none do.",
  ),
  'path.reverse-path': fact<ReversePath | null>(
    "Callers whose packets the target's client drops because their answers would leave by another interface; null when none.",
  ),
  'path.stuck': fact<StuckConnection | null>(
    'A connection of the caller that carries small messages, and of which no full-size segment was ever acknowledged; null when there is none.',
  ),
  'path.hushed': fact<Hushed | null>(
    'Full-size packets of a connection that stands: the device on the way that does not carry them, where their sender is never told; null when everybody is.',
  ),
  'path.blackhole': fact<Blackhole | null>(
    'Full-size packets that are lost without a word: worked out of the rules that were read, or seen at a connection that is stuck; null when there are none.',
  ),
  'path.ends': fact<{ readonly remote: Attempt; readonly local: Attempt | null; readonly others: boolean } | null>(
    "What the source's side and the target's client itself meet at the host port, and whether other machines get through; null where there is no such port.",
  ),
  'path.network': fact<PathNetwork>(
    'The network namespaces of the path and what joins them: those of the allocations on both sides and of their clients.',
  ),
  'path.walks': fact<readonly PathWalk[]>(
    'How packets to the addresses of the path fare, followed by the rules and routes that were read: each hop, its end, and the answer.',
  ),
  'path.followed': fact<true>(
    'That packets to every address of the path are followed from where they start; not known while an address or the start may be missing.',
  ),
  'path.past': fact<readonly PathWalk[]>(
    'The same, past every rule, route and setting at which the packet or its answer ends: what would stop it next, and where it would come to.',
  ),
  'path.rule-stops': fact<readonly RuleStop[]>(
    'Rules and policies at which a connection of the path, or its answer, ends by the walk, in their order: those no fault of its own names, and only of calls that were not measured to be answered.',
  ),
  'path.route-stops': fact<readonly RouteStop[]>(
    'Routes and policy rules that let nothing on, at which a connection of the path on its way to the target, or its answer, ends by the walk; only of calls that were not measured to be answered.',
  ),
  'path.let-through': fact<boolean | null>(
    'Whether the rules, routes and settings that were read let the connection through that was tried and failed; null when none failed.',
  ),
  'path.firewalld': fact<ZoneStop | null>(
    'Where firewalld stops a packet that a client on the way forwards; null when it stops none.',
  ),
  'path.narrow': fact<Narrow | null>(
    'An allocation of the path that may send larger packets than a device of its client on the way carries; null when there is none.',
  ),
  'path.diverted': fact<Diverted | null>(
    "The rule of the source's client by which a call of the target goes elsewhere; null where none does, or where it is the target's client as well.",
  ),
  'path.six-door': fact<SixDoor | null>(
    'An IPv6 address by which the source calls the host port, and which does not lead into the allocation; null when there is none.',
  ),
  'path.dead-dial': fact<DeadDial | null>(
    "A port of the target's client that the source calls and the target does not have, where it knows no better one; null when there is none.",
  ),
  'path.turned-back': fact<TurnedBack | null>(
    'A call of the allocation to itself that ends at its own bridge port, which does not turn packets around; null when none does.',
  ),
  'path.own-source': fact<OwnSource | null>(
    'A call of the allocation to its own host port that comes back to it with its own address as source, and is dropped; null when none does.',
  ),
  'path.capture': fact<Capture>(
    'Packets of one connection attempt, as they were seen in each network namespace of the path; only looked at when asked for.',
  ),
  'path.disagreement': fact<Disagreement | null>(
    'A connection that was tried and fares otherwise than the walk says; null when none does.',
  ),
}
