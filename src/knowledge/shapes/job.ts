/** A job as Nomad's API describes it, without nulls: https://developer.hashicorp.com/nomad/api-docs/json-jobs */
import type { Delimiters } from '../delimiters.ts'

export interface JobSpec {
  readonly id: string
  readonly namespace: string
  readonly type: 'service' | 'batch' | 'system' | 'sysbatch' | (string & {})
  readonly status: string
  readonly stopped: boolean
  /** Periodic or parameterized: only the jobs it spawns run. */
  readonly spawns: boolean
  readonly version: number
  readonly datacenters: readonly string[]
  readonly nodePool: string
  readonly constraints: readonly Constraint[]
  readonly groups: readonly GroupSpec[]
}
/** A job file as it was submitted. */
export interface JobSource {
  readonly text: string
  readonly format: 'hcl2' | 'json' | (string & {})
  /** A name for it: nobody knows what it was called. */
  readonly file: string
  /** A file of values, as text. */
  readonly variables?: string
  /** Values from the command line. */
  readonly flags?: Readonly<Record<string, string>>
}
export interface Constraint {
  readonly left: string
  readonly operand: string
  readonly right: string
}
export interface GroupSpec {
  readonly name: string
  readonly count: number
  readonly constraints: readonly Constraint[]
  /** Absent when the group has no network block; only the first block counts. */
  readonly network?: NetworkSpec
  readonly networkBlocks: number
  /** The blocks that do not count; absent where there is only one. */
  readonly moreNetworks?: readonly NetworkSpec[]
  readonly services: readonly ServiceSpec[]
  readonly tasks: readonly TaskSpec[]
  /** Seconds after which a disconnected client's allocations are lost; absent without a disconnect block. */
  readonly lostAfter?: number
}
export interface NetworkSpec {
  /** As written, upper case kept; '' when not given (host). */
  readonly mode: string
  readonly hostname?: string
  readonly ports: readonly PortSpec[]
  readonly dns?: {
    readonly servers: readonly string[]
    readonly searches: readonly string[]
    readonly options: readonly string[]
  }
}
export interface PortSpec {
  readonly label: string
  /** The host port asked for; absent for a dynamic one. */
  readonly static?: number
  /** The port inside the namespace; absent when not given; -1 = same as the host port. */
  readonly to?: number
  /** `default` when not given. */
  readonly hostNetwork: string
  /** Several allocations of a client may have it (host mode, Nomad 1.9). */
  readonly ignoreCollision?: true
}
export interface ServiceSpec {
  readonly name: string
  readonly provider: 'nomad' | 'consul' | (string & {})
  /** The port label or number as written; '' when not given. */
  readonly port: string
  readonly address: string
  readonly addressMode: string
  readonly tags: readonly string[]
  /** The task it belongs to: the block's own place, or its `task` parameter. */
  readonly task?: string
  readonly level: 'group' | 'task'
  readonly checks: readonly CheckSpec[]
  readonly connect?: ConnectSpec
}
export interface CheckSpec {
  readonly name: string
  readonly type: string
  readonly path: string
  readonly port: string
  readonly addressMode: string
  readonly expose: boolean
  readonly task?: string
  /** What a script check runs. */
  readonly command?: string
  /** Settings that only Consul's checks know, as the job file calls them. */
  readonly consulOnly?: readonly string[]
}
export interface ConnectSpec {
  readonly native: boolean
  readonly gateway: boolean
  /** A terminating gateway: without a port it gets one from the servers. */
  readonly terminating?: true
  /** Absent when there is no sidecar_service block. */
  readonly sidecar?: {
    readonly port: string
    readonly upstreams: readonly UpstreamSpec[]
    readonly transparentProxy: boolean
    readonly localServicePort?: number
    readonly localServiceAddress?: string
    readonly redirect?: RedirectSpec
    readonly expose?: readonly { readonly path: string; readonly localPort: number; readonly listener: string }[]
  }
  /** What Nomad hands on unread to the Envoy of this service: settings of its proxy and of its task; absent where there is nothing. */
  readonly envoy?: readonly unknown[]
  /** Listeners of an ingress gateway; absent for the other gateways. */
  readonly listeners?: readonly ListenerSpec[]
}
/** What a transparent proxy redirects, where the job says more than that it does. */
export interface RedirectSpec {
  /** The user whose traffic is left alone; '' for the built-in one, 101. */
  readonly uid: string
  readonly noDns: boolean
  readonly excludeInboundPorts: readonly string[]
  readonly excludeUids: readonly string[]
}
export interface ListenerSpec {
  readonly port: number
  /** `tcp` when not given. */
  readonly protocol: string
  readonly services: readonly string[]
}
export interface UpstreamSpec {
  readonly destination: string
  readonly localBindPort: number
  readonly localBindAddress?: string
  readonly datacenter?: string
}
export interface TaskSpec {
  readonly name: string
  readonly driver: string
  readonly user: string
  /** The driver's config block as data; keys as in the job file. */
  readonly config: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string>>
  readonly templates: readonly TemplateSpec[]
  readonly lifecycle?: { readonly hook: string; readonly sidecar: boolean }
  readonly leader: boolean
  readonly services: readonly ServiceSpec[]
  /** A network block inside the task (deprecated since 0.12). */
  readonly networks: readonly NetworkSpec[]
  /** It, or its group, asks for an identity in Consul. */
  readonly consulIdentity?: true
}
/** A text of a task in which an address, a name or a variable may stand. */
export interface TaskText {
  readonly text: string
  /** `env ORDERS of task loop`, `template local/upstreams.env of task loop`, ... */
  readonly from: string
  readonly kind: 'env' | 'template' | 'config'
  /** The environment variable it is the value of. */
  readonly variable?: string
  /** Those of its template, where they are not the usual ones. */
  readonly delimiters?: Delimiters
}
export interface TemplateSpec {
  readonly destination: string
  /** The template text, its actions in `{{` and `}}` whatever the file has; '' when it comes from a file. */
  readonly data: string
  /** What the file has around its actions, where these are not the usual ones. */
  readonly delimiters?: Delimiters
  readonly source: string
  readonly env: boolean
  readonly changeMode: string
  /** It is rendered once, before the task starts. */
  readonly once?: true
}
