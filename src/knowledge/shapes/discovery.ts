/** Names and how they are found: what a task asks for, and what it is answered. */

/** A name a task asks a catalogue, DNS or its sidecar for, and where it is written. */
export interface Ask {
  /** `sidecar`: a local port of an upstream, or one dialled on localhost. */
  readonly via: 'nomad-template' | 'consul-template' | 'consul-dns' | 'dns' | 'upstream' | 'sidecar'
  /** The service name; for `dns` the whole host name; for `sidecar` the loopback address dialled. */
  readonly name: string
  /** Only instances with this tag are wanted. */
  readonly tag?: string
  readonly datacenter?: string
  /** The port dialled under that name, or the local port of the upstream. */
  readonly port?: number
  /** `template local/upstreams.env`, `environment variable ORDERS`, `arguments`, `service checkout`. */
  readonly where: string
  /** The Consul template names the check states it accepts (`any`, `passing,warning`), so critical instances are no surprise. */
  readonly states?: string
}

/** A name of a catalogue, and where it is registered. */
export interface Asked {
  readonly ask: Ask
  /** Registered where the source asks. */
  readonly here: boolean
  /** Other Nomad namespaces that have the name. */
  readonly elsewhere: readonly string[]
}

/** What became of looking a name up. `fails`: not resolved, and the tool does not say why. */
export interface Lookup {
  readonly name: string
  readonly outcome: 'found' | 'no-such-name' | 'refused' | 'no-server' | 'fails'
  readonly addresses: readonly string[]
  /** The name server that answered, where the tool names it. */
  readonly server?: string
}

/** The resolver file of one place: its name servers, in order. */
export interface Resolver {
  readonly servers: readonly string[]
  readonly searches: readonly string[]
}
