/** What the kernel counts at a full table of connections. Source: nf_conntrack_alloc, conntrack -S. */
export interface TrackingCounters {
  /** Packets of new connections. */
  readonly dropped: number
  /** Entries without an answer that were forgotten for a new connection. */
  readonly gaveWay: number
}

/** How full a client's table of connections is. `counters`: of a full one, where they were read. */
export interface Connections {
  readonly count: number
  readonly limit: number
  readonly counters?: TrackingCounters
}

/** A TCP connection whose data is sent again and again, and not acknowledged. */
export interface StuckConnection {
  readonly peer: string
  /** Port on the allocation's side. */
  readonly port: number
  /** Bytes not acknowledged yet. */
  readonly waiting: number
  readonly mss: number
  readonly acknowledged: number
  /** Of a path: no router lies between the ends. */
  readonly direct?: true
}
