/** What runs: allocations, events, services, checks, evaluations. Times are Unix nanoseconds unless said otherwise. */

export interface AllocRecord {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly job: string
  readonly group: string
  readonly jobType: string
  readonly jobVersion: number
  readonly node: string
  readonly nodeName: string
  readonly clientStatus: 'pending' | 'running' | 'complete' | 'failed' | 'lost' | 'unknown' | (string & {})
  readonly desiredStatus: 'run' | 'stop' | 'evict' | (string & {})
  readonly createIndex: number
  readonly createTime: number
  readonly deployment?: { readonly healthy: boolean | null }
  /** Ports the scheduler gave, group and task level; empty in lists of a job (`job.allocations`, `group.current`). `to` 0 means the same as the host port (`hostPort`). */
  readonly ports: readonly AllocPort[]
  /** The address of the network namespace; absent in host mode or before set-up. */
  readonly address?: string
  readonly addressV6?: string
  readonly interface?: string
  readonly tasks: readonly TaskState[]
  readonly clientDescription: string
  /** The allocation it had to make room for. */
  readonly preemptedBy?: string
}
export interface AllocPort {
  readonly label: string
  readonly hostIp: string
  readonly hostPort: number
  readonly to: number
  readonly hostNetwork: string
}
export interface TaskState {
  readonly name: string
  readonly state: 'pending' | 'running' | 'dead' | (string & {})
  readonly failed: boolean
  readonly restarts: number
  readonly events: readonly TaskEvent[]
}
export interface TaskEvent {
  readonly type: string
  readonly text: string
  readonly time: number
}
/** A task, or docker for it, could not bind a port. `address` and `port` where the text names them. */
export interface BindError {
  readonly kind: 'in-use' | 'denied' | 'no-such-address'
  readonly task: string
  readonly text: string
  readonly address?: string
  readonly port?: number
}
/** A template that keeps a task from running. */
export interface TemplateTrouble {
  readonly task: string
  readonly kind: 'waiting' | 'failed'
  /** What it asks for: `nomad.service(orders)`, `kv.block(web/port)`; empty where the text names nothing. */
  readonly on: readonly string[]
  readonly text: string
}
/** A row of the native service catalogue. */
export interface ServiceRow {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly alloc: string
  readonly node: string
  readonly job: string
  readonly address: string
  readonly port: number
  readonly tags: readonly string[]
}
/** A native check's latest result on the client. */
export interface CheckResult {
  readonly check: string
  readonly service: string
  readonly status: 'success' | 'failure' | 'pending' | (string & {})
  readonly output: string
  readonly statusCode?: number
}
/** One instance as Consul's health endpoint tells it. */
export interface ConsulInstance {
  readonly id: string
  readonly service: string
  readonly node: string
  readonly nodeAddress: string
  /** The service's own address; '' means the node's. */
  readonly address: string
  readonly port: number
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, string>>
  readonly kind: string
  /** The destination of a sidecar's row. */
  readonly proxyFor?: string
  readonly checks: readonly {
    readonly id: string
    readonly name: string
    readonly type: string
    readonly status: string
    readonly output: string
  }[]
}
/** Settings of a Consul agent, from its own description. */
export interface ConsulSettings {
  readonly version: string
  readonly datacenter: string
  readonly acls: boolean
  /** What ACLs allow where no rule says anything; `allow` without ACLs. */
  readonly defaultPolicy: string
  /** -1 where switched off. */
  readonly grpcPort: number
  readonly grpcTlsPort: number
  readonly dnsPort: number
  readonly recursors: readonly string[]
  /** Versions of Envoy it can drive, newest first; empty where it does not say. */
  readonly envoy: readonly string[]
}
export interface Intention {
  readonly source: string
  readonly destination: string
  readonly action: 'allow' | 'deny' | 'l7' | (string & {})
  readonly precedence: number
}
export interface Evaluation {
  readonly id: string
  readonly status: string
  readonly triggeredBy: string
  readonly statusDescription: string
  readonly createIndex: number
  readonly modifyIndex: number
  readonly jobModifyIndex: number
  readonly blockedEval?: string
  /** By group name, what stood in the way. */
  readonly failed: Readonly<Record<string, PlacementFailure>>
  /** Allocations still to place, by group. */
  readonly queued: Readonly<Record<string, number>>
}
/** Why nodes were left out: counts by reason. https://developer.hashicorp.com/nomad/docs/concepts/scheduling */
export interface PlacementFailure {
  readonly nodesEvaluated: number
  readonly nodesFiltered: number
  readonly nodesExhausted: number
  readonly nodesInPool: number
  readonly constraintFiltered: Readonly<Record<string, number>>
  readonly classFiltered: Readonly<Record<string, number>>
  readonly dimensionExhausted: Readonly<Record<string, number>>
}
/** What the scheduler or a validation says to a job as it is, or as its file asks for it. */
export interface PlanAnswer {
  readonly accepted: boolean
  readonly errors: readonly string[]
  readonly warnings: string
  readonly failed: Readonly<Record<string, PlacementFailure>>
}
export interface NodeDocument {
  readonly id: string
  readonly name: string
  readonly status: 'initializing' | 'ready' | 'down' | 'disconnected' | (string & {})
  readonly eligible: boolean
  readonly draining: boolean
  readonly datacenter: string
  readonly nodePool: string
  readonly nodeClass: string
  readonly httpAddress: string
  readonly version: string
  readonly attributes: Readonly<Record<string, string>>
  readonly meta: Readonly<Record<string, string>>
  /** Driver name -> healthy. */
  readonly drivers: Readonly<Record<string, boolean>>
  /** Network modes the client offers to the scheduler: `host`, `bridge`, `cni/<name>`. */
  readonly modes: readonly string[]
  /** Where ports get their addresses from; of several CNI networks only one stands here. */
  readonly networks: readonly {
    readonly mode: string
    readonly device: string
    readonly addresses: readonly { readonly alias: string; readonly address: string; readonly family: string }[]
  }[]
  readonly hostNetworks: readonly {
    readonly name: string
    readonly cidr: string
    readonly interface: string
    readonly reservedPorts: string
  }[]
  readonly dynamicPorts: { readonly min: number; readonly max: number }
  readonly reservedPorts: string
}
/** A client as the list of clients describes it: what placement looks at. */
export interface NodeOffer {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly eligible: boolean
  readonly draining: boolean
  readonly datacenter: string
  readonly nodePool: string
  readonly nodeClass: string
  /** `debian`, `ubuntu`, `windows`, ... */
  readonly os: string
  readonly modes: readonly string[]
  /** Host networks with an address. */
  readonly hostNetworks: readonly string[]
  readonly dynamicPorts: { readonly min: number; readonly max: number }
  readonly reservedPorts: string
  /** Host network -> ports kept back on the address it gives; those with none are left out. */
  readonly reservedOn?: Readonly<Record<string, string>>
  /** Driver name -> healthy. */
  readonly drivers: Readonly<Record<string, boolean>>
}
export interface Container {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly networkMode: string
  readonly alloc?: string
  readonly task?: string
  /** `/var/run/docker/netns/...`; '' for a container that lives in another one's namespace. */
  readonly sandbox: string
  /** Networks it is attached to, with its address there. */
  readonly networks: Readonly<Record<string, string>>
  /** What docker publishes: `8080/tcp` -> host bindings. */
  readonly published: Readonly<Record<string, readonly { readonly ip: string; readonly port: number }[]>>
  readonly dns: readonly string[]
  readonly extraHosts: readonly string[]
  readonly env: readonly string[]
}
/** Result of one connection attempt. */
export interface Attempt {
  /** Where it was made from. */
  readonly from: 'source' | 'source-node' | 'target' | 'target-node' | 'other-node' | 'other-alloc' | 'outside'
  readonly place: string
  readonly host: string
  readonly port: number
  /** `stalled`: it stood, and the answer did not come or stopped on the way; `sometimes`: of two attempts one stood. */
  readonly outcome:
    | 'answered'
    | 'connected'
    | 'stalled'
    | 'refused'
    | 'timed-out'
    | 'unreachable'
    | 'reset'
    | 'empty'
    | 'name-unknown'
    | 'sometimes'
    | 'unclear'
  readonly ms: number
}
