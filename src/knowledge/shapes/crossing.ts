import type { Route } from './packet.ts'
import type { AllocRecord } from './runtime.ts'

/** How the first packet of a connection fares at a client, as far as rules and routes tell. */

/** The way of that packet through one client: devices and addresses. */
export interface Way {
  readonly side: 'source' | 'target'
  /** The client's name. */
  readonly node: string
  readonly nodeId: string
  /** The allocation it goes to, or comes from. */
  readonly alloc: Pick<AllocRecord, 'id' | 'namespace'>
  /** Network mode of the allocation it goes to, or comes from. */
  readonly mode: 'host' | 'bridge' | 'cni' | 'none' | 'other'
  /** Device by which it comes in; empty when it starts in the client's own namespace. */
  readonly in: string
  /** Other devices of the client in the same network: any of them may answer for its address, and packets come in by that one. */
  readonly also?: readonly string[]
  /** Device by which it goes out; empty when the client itself takes it. */
  readonly out: string
  /** Source addresses it may have: one, or two that stand for a near and a far caller. */
  readonly sources: readonly string[]
  /** They stand for anybody. */
  readonly anyone?: true
  /** Where it is sent. */
  readonly address: string
  readonly port: number
  /** The caller is told to call by UDP; missing: TCP. */
  readonly proto?: 'udp'
  /** Where the client has to send it on: address and port inside the allocation; null where nothing is translated. */
  readonly inside: { readonly address: string; readonly port: number } | null
  /** IPv4 network of the allocation it goes to, or comes from, where that is known: `172.26.64.0/20`. */
  readonly network?: string
}

/** What stops a packet: a rule, or the policy of a chain (`rule` null). */
export interface Stop {
  readonly by: 'iptables' | 'iptables-legacy' | 'nftables'
  readonly table: string
  readonly chain: string
  readonly rule: string | null
  readonly verdict: 'drop' | 'reject'
  /** Chains it came through, the base chain first. */
  readonly via: readonly string[]
  /** Position in the base chain, from 1, of the rule that led here; null for the policy. */
  readonly at: number | null
}

/** A client on the way that stops the packet. */
export interface Stopped {
  readonly way: Way
  readonly stop: Stop
  readonly cni: CniRules
}

/**
 * What NAT makes of a connection. `alloc`: whose port mapping decided, by the comment the portmap plug-in writes;
 * `leads`: the rules of CNI-HOSTPORT-DNAT that lead to its chain.
 */
export type Translation =
  | {
      readonly kind: 'to'
      readonly address: string
      readonly port: number
      readonly chain: string
      readonly rule: string
      readonly alloc: string | null
      readonly leads?: readonly string[]
    }
  | { readonly kind: 'none' }
  /** A rule of table raw exempts it from connection tracking, so NAT never sees it. */
  | { readonly kind: 'untracked'; readonly rule: string }

/** A client on the way whose NAT ought to change an address and does not. */
export interface Untranslated {
  readonly way: Way
  /** The destination (a host port), or the source (masquerade). */
  readonly what: 'destination' | 'source'
  readonly untracked: string | null
  /** The rule of table nat that lets it through before the rule that would translate it is asked. */
  readonly spared?: { readonly program: string; readonly chain: string; readonly n: number; readonly rule: string }
  readonly cni: CniRules
}

/** What CNI plug-ins and Nomad wrote into iptables, as far as it still stands. */
export interface CniRules {
  /** Position in FORWARD of the jump to CNI-FORWARD. */
  readonly forwardJump: number | null
  readonly preroutingJump: boolean
  readonly outputJump: boolean
  readonly masqueradeJump: boolean
  /** Rules in CNI-HOSTPORT-DNAT: one or more for each mapped port. */
  readonly entries: number
  /** One of them leads to a DNAT to the port of the allocation, whatever it asks for before. */
  readonly leads: boolean
  /** Chains of theirs that hold rules, in table nat and in table filter. */
  readonly nat: number
  readonly filter: number
  /** Rules of NOMAD-ADMIN as written. */
  readonly admin: readonly string[]
  /** CNI-FORWARD jumps to NOMAD-ADMIN. */
  readonly adminJump: boolean
  /** FORWARD jumps to DOCKER-USER. */
  readonly dockerUser: boolean
  /** A rule of NOMAD-ADMIN accepts whatever goes to the allocation by its bridge. */
  readonly adminAccepts: boolean
}

/** How callers come to the target's client: over its network, from a bridge on it, from its own namespace, or out of the very allocation. */
export type Entry = 'lan' | 'bridge' | 'host' | 'self'

/** The host's end of an allocation's eth0. */
export interface Uplink {
  /** The client's name. */
  readonly node: string
  readonly veth: string
  readonly up: boolean
  /** Frames may leave by the port they came in; null when it was not printed. */
  readonly hairpin: boolean | null
  /** IPv4 network that eth0 is in, or that its bridge has where eth0 has no address: `172.26.64.0/20`. */
  readonly network?: string
  /** A bridge of the client with an address of that network, where the host's end is a port of none. */
  readonly nearest?: string
  /** What the bridge does with frames of the port, where that is not forwarding. */
  readonly state?: string
  /** The bridge it is a port of; null when of none. */
  readonly bridge: {
    readonly name: string
    readonly up: boolean
    readonly addresses: readonly string[]
    readonly callsIptables: boolean
    /** The spanning tree protocol decides about the states of its ports. */
    readonly stp?: true
    /** The allocation has IPv4 addresses, and none of them is in a network of the bridge. */
    readonly apart?: true
  } | null
}

/** The address by which an allocation leaves its network, and the length of that. */
export interface Gateway {
  readonly address: string
  readonly prefix: number
}

/** A CNI network of the operator, as far as faults ask about it. */
export interface CniNetwork {
  readonly name: string
  /** The file in the client's CNI configuration folder. */
  readonly file: string
  /** Types of its plug-ins, in order. */
  readonly plugins: readonly string[]
  readonly bridge: string | null
  /** It has the portmap plug-in, and gives it the ports. */
  readonly mapsPorts: boolean
  readonly defaultRoute: boolean
  /** Chain its firewall plug-in calls first; null without that plug-in. */
  readonly adminChain: string | null
  /** Networks its address plug-in gives addresses from. */
  readonly subnets: readonly string[]
  /** Its bridge gets an address, by which the client reaches the allocations. */
  readonly gateway: boolean
  /** What allocations send out of the client gets the client's address. */
  readonly masquerade: boolean
  /** The portmap plug-in translates the source where answers would pass it by. */
  readonly snat: boolean
}

/** A file of the client's CNI configuration folder that the agent reads. */
export interface CniFile {
  readonly file: string
  /** Why it is refused; null when it can be read. */
  readonly error: string | null
  readonly network: CniNetwork | null
}

/** A route that wins over that of an allocation's bridge: packets of its client for it leave by another interface. */
export interface Claim {
  /** The allocation's client. */
  readonly node: string
  /** Of the allocation. */
  readonly address: string
  readonly bridge: string
  /** Of the bridge. */
  readonly networks: readonly string[]
  readonly route: Route
  /** The address, with its prefix, of the interface for which the kernel made the route; null when another made it. */
  readonly own: string | null
}

/** Two networks that claim one address. */
export interface Shadow {
  /** The source's client. */
  readonly node: string
  readonly address: string
  readonly bridge: string
  readonly network: string
  /** An interface of the client with an address of its own in that network. */
  readonly nic: string | null
}

/** A client on the way that does not forward. */
export interface Off {
  /** `out` is empty where it is not known. */
  readonly way: Pick<Way, 'node' | 'in' | 'out'>
  /** The setting of the device that says so. */
  readonly key: string
  /** Forwarding is off as a whole. */
  readonly all: boolean
}

/** A setting by which a client sends nothing on that comes from a loopback address. */
export interface LoopbackOff {
  readonly way: Way
  readonly key: string
}

export interface ReversePath {
  readonly way: Way
  /** The setting that makes the check strict. */
  readonly key: string
  /** The callers' packets come in by `way.in`; their answers would leave by this device. */
  readonly back: string
  /** Every caller it may be is dropped; false: only those that are not on the network of that interface. */
  readonly all: boolean
  /** Packets the filter has dropped so far; null when it was not looked at. */
  readonly drops: number | null
}

/** Nomad's bridge as the client block asks for it. */
export interface BridgePlan {
  readonly name: string
  readonly subnet: string
  /** Why the bridge cannot be made so: each attribute that is wrong, with the nearest proper value; empty when it can. */
  readonly wrong: readonly { readonly attribute: string; readonly why: string; readonly proper?: string }[]
  /** A host network of the client whose addresses lie in the subnet; null when there is none. */
  readonly around: { readonly name: string; readonly cidr: string } | null
  /** The subnet takes addresses of docker's own bridge, 172.17.0.0/16 unless docker is told otherwise. */
  readonly docker: boolean
}
