/** Where an HTTP API is and how to be let in. Certificates are texts in PEM form, already read. */
export interface Endpoint {
  /** `http://10.0.0.1:4646`; for a unix socket `http://localhost` and `socketPath`. */
  readonly origin: string
  readonly socketPath?: string | undefined
  /** Nobody named it: it is where such an API usually is. */
  readonly assumed?: boolean | undefined
  readonly token?: string | undefined
  /** `user:password` of HTTP basic authentication. */
  readonly auth?: string | undefined
  readonly tls: Tls
  /** Query parameters for requests that do not name their own. */
  readonly namespace?: string | undefined
  readonly region?: string | undefined
  readonly datacenter?: string | undefined
  readonly partition?: string | undefined
}

export interface Tls {
  readonly ca?: readonly string[] | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly serverName?: string | undefined
  readonly skipVerify?: boolean | undefined
}

/** Milliseconds. `total` bounds one attempt, answer included. */
export interface Patience {
  readonly connect: number
  readonly headers: number
  readonly body: number
  readonly total: number
}

export const patience: Patience = { connect: 5000, headers: 15_000, body: 15_000, total: 60_000 }
