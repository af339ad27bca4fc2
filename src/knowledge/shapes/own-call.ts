/** Calls of an allocation to itself, by its client. */

/** A call of an allocation to its own host port that comes back to it with its own address as source. */
export interface OwnSource {
  /** The client's label. */
  readonly place: string
  /** The address of the allocation. */
  readonly source: string
  readonly address: string
  readonly port: number
  /** Where the caller has the address from. */
  readonly from: string
  /** POSTROUTING jumps to CNI-HOSTPORT-MASQ. */
  readonly jump: boolean
}

/** A call of an allocation to itself that its client's bridge would have to send back out of the port it came in by. */
export interface TurnedBack {
  /** The client's label. */
  readonly place: string
  readonly bridge: string
  /** The bridge port of the allocation. */
  readonly veth: string
  readonly address: string
  readonly port: number
  /** Where the caller has the address from. */
  readonly from: string
}
