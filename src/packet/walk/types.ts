import type { BridgePort, FdbEntry } from '../bridge.ts'
import type { ConntrackEntry } from '../conntrack.ts'
import type { Save } from '../iptables.ts'
import type { Link, Neighbour } from '../ip.ts'
import type { Route, RouteRule } from '../ip-route.ts'
import type { NftRuleset } from '../nft.ts'
import type { Listener } from '../ss.ts'
import type { Sysctls } from '../sysctl.ts'
import type { XfrmPolicy } from '../xfrm.ts'

/** One network namespace as its commands describe it. A missing piece is not known, never empty. */
export interface NamespaceState {
  readonly links?: readonly Link[]
  readonly routes4?: readonly Route[]
  readonly routes6?: readonly Route[]
  /** Policy rules; when missing, the kernel's three default ones are not assumed. */
  readonly rules4?: readonly RouteRule[]
  readonly rules6?: readonly RouteRule[]
  /** Only permanent entries matter: others are resolved again. Missing: none is assumed. */
  readonly neighbours?: readonly Neighbour[]
  readonly bridgePorts?: readonly BridgePort[]
  /** Missing: nothing but what is learned on the way is assumed. */
  readonly fdb?: readonly FdbEntry[]
  /** What `iptables-save` prints, of whichever backend it uses. */
  readonly iptables4?: Save
  readonly iptables6?: Save
  /** The legacy backend's rules where `iptables-save` prints the nft ones. */
  readonly legacy4?: Save
  readonly legacy6?: Save
  /** Every table of nftables, also those iptables-nft manages (which are walked once). */
  readonly nft?: NftRuleset
  readonly ipsets?: readonly IpSet[]
  /** Policies of IPsec; missing: none is assumed. */
  readonly xfrm?: readonly XfrmPolicy[]
  readonly tcp?: readonly Listener[]
  readonly udp?: readonly Listener[]
  /** Read from `sysctl -a`: a key that is not there does not exist on this kernel. */
  readonly sysctls?: Sysctls
  /** Connections that exist already; missing: the walked packet is the first of its connection. */
  readonly conntrack?: readonly ConntrackEntry[]
  /** Replies that could not be read: the command and why. */
  readonly unread: readonly { readonly argv: string; readonly why: string }[]
}

export interface IpSet {
  readonly name: string
  /** hash:ip, hash:net, hash:ip,port, bitmap:port, list:set, … */
  readonly type: string
  readonly members: readonly string[]
  /** What follows the type: `family inet hashsize 1024 maxelem 65536`. */
  readonly options?: string
}

/** A device of a namespace. */
export interface Port {
  readonly namespace: string
  readonly device: string
}

/** What joins devices of different namespaces; bridges and their ports are read from `master` inside one. */
export type Join =
  /** Two ends of one cable. */
  | { readonly kind: 'veth'; readonly a: Port; readonly b: Port }
  /** `child` sits on `parent`'s segment; `mode` bridge, private, l2, …; the parent's own address is out of reach. */
  | { readonly kind: 'macvlan' | 'ipvlan'; readonly parent: Port; readonly child: Port; readonly mode?: string }
  /** One L2 segment. `open`: machines that are not in the topology may be on it, so an address nobody has is unknown. */
  | { readonly kind: 'wire'; readonly name: string; readonly ports: readonly Port[]; readonly open?: boolean }

export interface Topology {
  readonly namespaces: Readonly<Record<string, NamespaceState>>
  readonly joins: readonly Join[]
}

/** Where the packet starts. */
export interface Start {
  readonly namespace: string
  /** It comes in by this device from beyond the topology; missing: a program of the namespace sends it. */
  readonly arrives?: string
  /** The source stands for anybody who comes in there: what a rule asks of it is not known. */
  readonly anyone?: true
  /** Who sends it, for owner matches and uid rules; 0 when missing, null when it is not known. */
  readonly uid?: number | null
  readonly gid?: number | null
  /** Mark of the socket; 0 when missing. */
  readonly mark?: number
  /** Device the socket is bound to. */
  readonly device?: string
  /** Bytes of the IP packet; 60 when missing. Only compared with MTUs. */
  readonly size?: number
  /** Do not fragment; true when missing, as TCP and most of UDP have it. */
  readonly df?: boolean
}

/** The packet that is wanted: what is missing the kernel chooses (source by route, port from the local range). */
export interface Wanted {
  readonly proto: 'tcp' | 'udp'
  readonly src?: string
  readonly sport?: number
  readonly dst: string
  readonly dport: number
}

export interface Tuple {
  readonly proto: 'tcp' | 'udp' | 'icmp'
  readonly src: string
  /** Missing: chosen by the kernel. */
  readonly sport?: number
  readonly dst: string
  /** Missing for ICMP, and in an answer to a port the kernel chose. */
  readonly dport?: number
}

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting'

export type By = 'iptables' | 'iptables-legacy' | 'nftables' | 'kernel'

/** A place: a namespace, and the rule, the hook or the device in it. */
export interface Where {
  readonly namespace: string
  /** A hook, or what the kernel does between them. */
  readonly at: Hook | 'route' | 'bridge' | 'link' | 'neighbour' | 'conntrack' | 'socket'
  readonly by: By
  readonly iif?: string
  readonly oif?: string
  readonly table?: string
  readonly chain?: string
  /** Position in the chain, from 1; missing for a policy. */
  readonly rule?: number
  /** The rule, route, policy rule or setting as written. */
  readonly text?: string
}

/** One thing that happened to the packet. Rules that did not match are no hops. */
export interface Hop extends Where {
  /** accept, drop, reject, jump, goto, return, dnat, snat, masquerade, redirect, mark, notrack, log, policy, route, … */
  readonly does: string
  readonly before: Tuple
  readonly after: Tuple
  /** After it; missing when it cannot be told. */
  readonly mark?: number
}

export type Verdict =
  /** `socket` is the one that takes it. */
  | { readonly kind: 'delivered'; readonly namespace: string; readonly socket: Listener }
  /** It came to a namespace that has the address, and nobody listens there. */
  | { readonly kind: 'refused'; readonly namespace: string; readonly with: 'tcp-reset' | 'icmp-port-unreachable' }
  /** A rule answered for the target. */
  | { readonly kind: 'rejected'; readonly with: string; readonly by: Where; readonly fails?: true }
  /** Nobody is told; `fails`, as above: the call that sent it fails with EPERM. */
  | { readonly kind: 'dropped'; readonly why: string; readonly by: Where; readonly fails?: true }
  /** The sender is told: no route, a route that forbids, no neighbour, too big. */
  | { readonly kind: 'unreachable'; readonly how: Unreachable; readonly why: string; readonly by: Where }
  | { readonly kind: 'looped'; readonly by: Where }
  | { readonly kind: 'unknown'; readonly because: string; readonly where: Where }

export type Unreachable = 'no-route' | 'unreachable' | 'prohibit' | 'blackhole' | 'neighbour' | 'too-big' | 'ttl'

/** One way the packet may go. There are several where a rule matches by chance (statistic, limit). */
export interface Trace {
  readonly hops: readonly Hop[]
  readonly verdict: Verdict
  /** The packet at its end: `src` is the source as the server sees it. */
  readonly tuple: Tuple
  /** Rules that may match or not, or draw a number, and which way this trace took them. */
  readonly chances: readonly { readonly where: Where; readonly matched: boolean; readonly drawn?: number }[]
  /** The answer's way: of a delivered or refused packet the reply, of a rejected or unreachable one the error. */
  readonly back?: Back
  /** Ends it was followed past, where it was. */
  readonly passed?: readonly Passed[]
}

export interface Back {
  readonly hops: readonly Hop[]
  /** `delivered` has no socket of its own here: the answer came to the program that asked. */
  readonly verdict: Verdict | { readonly kind: 'returned'; readonly namespace: string }
  readonly tuple: Tuple
  readonly chances: Trace['chances']
  readonly passed?: readonly Passed[]
}

/** An end that was noted and passed over. */
export interface Passed {
  readonly verdict: Verdict
  /** How many hops came before it. */
  readonly after: number
}

/** What the caller sees: connect() succeeds, ECONNREFUSED, EHOSTUNREACH or the like, no answer, or not known. */
export type Outcome = 'answered' | 'refused' | 'unreachable' | 'silent' | 'unknown'
