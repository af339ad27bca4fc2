import { fact } from '../fact.ts'
import type { Ask, Asked, Lookup, Resolver } from '../shapes/discovery.ts'
import type { AllocPort, Attempt, ConsulInstance, ServiceRow } from '../shapes/runtime.ts'
import type { ServiceSpec } from '../shapes/job.ts'

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

export const pathFacts = {
  'path.modes': fact<'host' | 'bridge' | 'mixed' | 'cni' | 'none' | 'outside'>("One word for the network modes of the path: the target's, or `mixed` when the source's differs."),
  'path.place': fact<'same-task' | 'same-alloc' | 'same-client' | 'other-client' | 'outside'>('Where the source is, seen from the target.'),
  'path.discovery': fact<Discovery>('How the source finds the target.'),
  'path.dials': fact<readonly Dial[]>('Addresses the source uses for the target.'),
  'path.port': fact<{ readonly label: string | null; readonly number: number | null; readonly mapped: AllocPort | null }>('The port asked about, as the target declares it and as the scheduler gave it.'),
  'path.service': fact<ServiceSpec | null>('The service of the target that stands for the port asked about.'),
  'path.inside-port': fact<number>('The port the server must listen on in its own namespace for the path to work.'),
  'path.attempts': fact<readonly Attempt[]>('Connection attempts along the path, each with its outcome.'),
  'path.reached': fact<'answered' | 'fails'>('What a connection from the source to the registered address met.'),
  'path.asks': fact<readonly Ask[]>('Names the source asks a catalogue, DNS or its sidecar for, as its own text has them.'),
  'path.asked.nomad': fact<readonly Asked[]>('Names asked of the native catalogue, and where they are registered.'),
  'path.asked.consul': fact<readonly Asked[]>('Names asked of Consul, and whether its catalogue has them.'),
  'path.asked.rows': fact<readonly { readonly ask: Ask; readonly rows: readonly ServiceRow[] }[]>(
    "The target's native services the source asks for, with their rows.",
  ),
  'path.asked.instances': fact<readonly { readonly ask: Ask; readonly instances: readonly ConsulInstance[] }[]>(
    "The target's services the source asks Consul for, with their instances, passing or not.",
  ),
  'path.names': fact<readonly string[]>('Host names the source looks up to find the target, at most three.'),
  'path.resolver': fact<Resolver>('Name servers in /etc/resolv.conf of the source task.'),
  'path.lookups.task': fact<readonly Lookup[]>('What the source task gets for the names it looks up.'),
  'path.lookups.node': fact<readonly Lookup[]>("What the source's client itself gets for the names that fail in the task."),
  'path.lookups.consul-port': fact<readonly string[]>(
    'Name servers of the source task that answer on port 8600, looked at when a name fails in the task.',
  ),
}
