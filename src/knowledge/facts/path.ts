import { fact } from '../fact.ts'
import type { AllocPort, Attempt } from '../shapes/runtime.ts'
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
}
