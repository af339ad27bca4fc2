/** How the ports of an allocation lead to its processes. */

/**
 * Where a task's sockets are: the group's namespace, the host's, its container's own one on docker's default network,
 * or elsewhere (a network of the operator's in docker, another container's namespace).
 * `unsure`: the driver is not one of those we know, or several tasks may serve.
 */
export type Namespace = 'group' | 'host' | 'container' | 'elsewhere' | 'unsure'

/** One port of an allocation: who carries it, and where the process must listen. */
export interface PortWay {
  readonly label: string
  readonly hostIp: string
  readonly hostPort: number
  /** The port the process must listen on in `namespace`. */
  readonly inside: number
  /** As the job has it, when it differs from the host port. */
  readonly to?: number
  /** Chosen by the scheduler. */
  readonly dynamic: boolean
  /** Who leads packets from the host port inside: the CNI plug-in, the driver (docker's publication), or nobody. */
  readonly mapper: 'portmap' | 'driver' | 'nobody'
  readonly namespace: Namespace
  /** The task that serves it, where only one can. */
  readonly task?: string
  /** The service that is registered on it. */
  readonly service?: string
  /** Somebody relies on it: a service, or the person's question. */
  readonly wanted: boolean
}

/** A port somebody relies on, and what the sockets show. */
export interface ListeningPort extends PortWay {
  /**
   * `open`: a socket takes its packets; `loopback`: only on loopback; `closed`: no socket on that port;
   * `apart`: nothing leads into the container, whatever listens there.
   */
  readonly state: 'open' | 'loopback' | 'closed' | 'apart'
  /** Ports that other sockets of the same namespace listen on and no port of the allocation leads to; empty in the host's namespace unless they are known to be the task's. */
  readonly others: readonly number[]
  /** The same on loopback only, in a group's namespace without a proxy of the mesh; absent where there are none. */
  readonly onLoopback?: readonly number[]
  /** In the host's namespace: something listens on the `to` that nobody maps. */
  readonly atTo: boolean
}
