/** A path as the packet walk sees it: namespaces, what joins them, and the ways of packets through them. */
import type { StuckConnection } from './connections.ts'
import type { Attempt } from './runtime.ts'
import type { NamespaceState, Outcome, Start, Topology, Trace, Wanted, Where } from './packet.ts'

/** What decides about packets in one network namespace; what could not be read is in `state.unread`. */
export interface Kernel {
  /** How reports call the place: `client c1`, `allocation 0f499648 of checkout/web`. */
  readonly label: string
  readonly state: NamespaceState
}

/** A network namespace, for a reader. */
export interface WalkPlace {
  readonly kind: 'alloc' | 'task' | 'client' | 'outside'
  readonly label: string
  /** Id of the client it is on. */
  readonly node?: string
  /** Id of the allocation it belongs to. */
  readonly alloc?: string
}

/** Places by the name their namespace has in the topology, which is their label. */
export interface PathNetwork {
  readonly topology: Topology
  readonly places: Readonly<Record<string, WalkPlace>>
}

/** What was not read of a place. */
export interface Unread {
  /** A key of `places`. */
  readonly namespace: string
  readonly what: string
  readonly why: string
}

/** One address, and how a new connection to it fares. */
export interface PathWalk {
  readonly dial: { readonly host: string; readonly port: number; readonly from: string; readonly proto?: 'tcp' | 'udp' }
  /** `source`: where the caller opens its connection; `client`: where packets come in at the target's client. */
  readonly begins: 'source' | 'client'
  readonly start: Start
  readonly wanted: Wanted
  readonly places: PathNetwork['places']
  /** Several where a rule matches by chance. */
  readonly traces: readonly Trace[]
  /** What the caller sees; unknown where the traces differ. */
  readonly outcome: Outcome
  readonly unread: readonly Unread[]
  /** Namespaces in which it may be taken: the target's, and the caller's own, where a sidecar takes it; missing: not known. */
  readonly meant?: readonly string[]
}

/** One connection, as it fares now and after a change. */
export interface Retried {
  /** `10.0.0.11:25001, env ORDERS of task web`, `port http of billing/api, from client c2`, … */
  readonly what: string
  readonly before: Outcome
  readonly after: Outcome
  /** Its ways after the change. */
  readonly traces: readonly Trace[]
  /** Who takes it afterwards in place of the target; missing: nobody does. */
  readonly stray?: string
  /** Who takes it now in place of the target. */
  readonly strayed?: string
}

/** What the walk says of a change of rules or settings, made on a copy. */
export type WhatIf =
  /** `part`: words of a command that are not understood; `at`: of which one, from 0. */
  | { readonly tried: false; readonly because: string; readonly part?: string; readonly at?: number }
  | {
      readonly tried: true
      /** The connections of the path itself. */
      readonly walks: readonly Retried[]
      /** Whether all of them are answered afterwards. */
      readonly arrives: 'yes' | 'no' | 'unknown'
      /** How many other connections were compared. */
      readonly others: number
      /** How many more could not be: what becomes of them is not known, neither now nor then. */
      readonly notCompared: number
      /** How many more there are than are compared. */
      readonly left: number
      /** Those of all that fare worse afterwards. */
      readonly worse: readonly Retried[]
    }

/** A connection that fares otherwise than the walk says. */
export interface Disagreement {
  /** Where it was tried from. */
  readonly place: string
  readonly address: string
  readonly simulated: Exclude<Outcome, 'unknown'>
  readonly measured: Attempt['outcome']
  /** Places whose rules and routes the walk knows. */
  readonly through: readonly string[]
  /** What was not read of them. */
  readonly unread: readonly string[]
}

/** The rule at which a connection ends, or its answer; or the policy of a chain. */
export interface RuleStop {
  /** Label of the namespace, a key of `places`. */
  readonly place: string
  readonly host: string
  readonly port: number
  /** The question arrives, and its answer ends there. */
  readonly answer: boolean
  /** The port of the target's end as the rule sees it: behind a translation it is not the one that was dialled. */
  readonly met: number
  readonly hook: Where['at']
  readonly family: 4 | 6
  readonly by: 'nftables' | 'iptables' | 'iptables-legacy'
  /** With the family before it for nftables. */
  readonly table: string
  readonly chain: string
  /** Position in the chain, from 1; null for its policy. */
  readonly rule: number | null
  /** As written; null for a policy. */
  readonly text: string | null
  readonly verdict: 'drop' | 'reject'
  /** By which nft names the rule. */
  readonly handle: number | null
  /** What it stops: a new connection, and its answer where it would stop that, too. */
  readonly packets: readonly StoppedPacket[]
}

/** A packet as the rule sees it, after translations before it. */
export interface StoppedPacket {
  readonly answer: boolean
  readonly proto: 'tcp' | 'udp'
  /** Device by which it comes in; empty where the namespace itself sends it. */
  readonly in: string
  /** Device by which it goes out; empty where it is not known yet, or the namespace takes it. */
  readonly out: string
  /** The port the connection is for: its destination, or the source of the answer. */
  readonly port: number
  /** A policy stops it, and this rule of the same chain, a goto or a return, keeps it from what stands behind. */
  readonly left?: LeftBy
}

export interface LeftBy {
  /** Position in the chain, from 1, and the rule as written. */
  readonly rule: number
  readonly text: string
  readonly handle: number | null
  /** The jump to CNI-FORWARD stands behind it. */
  readonly beforeCni: boolean
}

/** The route or the policy rule at which a connection ends, or its answer. */
export interface RouteStop {
  /** Label of the namespace, a key of `places`. */
  readonly place: string
  readonly host: string
  readonly port: number
  /** The question arrives, and its answer ends there. */
  readonly answer: boolean
  /** Where the packet is on its way to at that place. */
  readonly to: string
  readonly family: 4 | 6
  readonly what: 'route' | 'rule'
  readonly how: 'blackhole' | 'unreachable' | 'prohibit'
  /** As `ip` prints it. */
  readonly text: string
  /** The words after `ip route del` or `ip rule del` that name it. */
  readonly words: readonly string[]
  /** Table of a route. */
  readonly table?: string
  /** It is for more than one destination. */
  readonly wide: boolean
}

/** Where firewalld stops a forwarded packet. */
export interface ZoneStop {
  /** The client's label. */
  readonly place: string
  readonly in: string
  readonly out: string
  /** Its destination was translated on this client, as for a mapped port. */
  readonly translated: boolean
  readonly by: 'nftables' | 'iptables'
  readonly chain: string
  /** The rule as written; null for a policy. */
  readonly rule: string | null
  readonly verdict: 'reject' | 'drop'
}

/** An allocation that may send larger packets than a device its client sends them on by carries. */
export interface Narrow {
  readonly alloc: string
  /** The client's label. */
  readonly place: string
  readonly mtu: number
  readonly device: string
  readonly carries: number
}

/** Full-size packets that a device on the way does not carry, and whose sender is never told. */
export interface Hushed {
  /** Label of the client with the device. */
  readonly place: string
  readonly device: string
  /** Bytes. */
  readonly carries: number
  readonly size: number
  /** Where the message about it ends, and the rule or reason. */
  readonly at: string
  readonly rule: string
  /** The chain of that rule or policy, where it is one: what lets the message through is written there. */
  readonly chain?: Pick<RuleStop, 'by' | 'table' | 'family'> & { readonly name: string }
}
export interface Blackhole {
  readonly stuck?: StuckConnection
  readonly hushed?: Hushed
}

/** A port of the target's client that the source calls and the target does not have. */
export interface DeadDial {
  /** The client's label. */
  readonly place: string
  readonly host: string
  readonly port: number
  /** Where the caller has it from. */
  readonly from: string
  /** The port asked about, and where it is. */
  readonly label: string | null
  readonly now: { readonly hostIp: string; readonly hostPort: number }
  /** Who has the port; missing: nobody. */
  readonly taker?: string
  /** The caller has the address of the target as well. */
  readonly beside?: true
}

/** A host port that is called by an IPv6 address which does not lead into the allocation. */
export interface SixDoor {
  /** Label of the target's client, or of the caller that has no way to it. */
  readonly place: string
  readonly address: string
  readonly port: number
  /** Where the caller has the address from. */
  readonly from: string
  readonly outcome: 'refused' | 'silent' | 'unreachable'
  /** The address by which the port is mapped. */
  readonly mapped: string
}
