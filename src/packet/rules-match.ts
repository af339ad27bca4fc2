import { contains, isMulticast, parseAddress } from './ipaddr.ts'
import type { Rule } from './iptables.ts'
import type { Match, PortRange } from './iptables-match.ts'

/** The packet a rule is asked about. A field that is missing is not known, and a condition on it cannot be decided. */
export interface Packet {
  /** Device it came in by; '' when it has none (made on this host). */
  readonly iif?: string
  /** Device it leaves by; '' when there is none (before routing, or for this host). */
  readonly oif?: string
  readonly src: string
  readonly dst: string
  /** tcp, udp, icmp, ipv6-icmp, … */
  readonly proto: string
  readonly sport?: number
  readonly dport?: number
  /** NEW, ESTABLISHED, RELATED, INVALID or UNTRACKED. */
  readonly ctstate?: string
  /** The connection is translated: states DNAT and SNAT of conntrack. */
  readonly dnat?: boolean
  readonly snat?: boolean
  /** The address is one of this host's (addrtype LOCAL). */
  readonly srcLocal?: boolean
  readonly dstLocal?: boolean
  /** Flags of the TCP header that are set; a first packet has SYN. */
  readonly tcpFlags?: readonly string[]
  /** The packet's mark; a fresh packet has 0. */
  readonly mark?: number
}

type Answer = boolean | undefined

/** True or false; a text naming the condition when it cannot be decided and no other condition rules the rule out. */
export function matchRule({ matches }: Rule, packet: Packet): boolean | string {
  let open: string | undefined
  for (const match of matches) {
    const answer = decide(match, packet)
    if (answer === false) return false
    if (answer === undefined)
      open ??= `${match.text}: ${answerable(match) ? 'not known for this packet' : 'not modelled'}`
  }
  return open ?? true
}

const answerable = ({ kind }: Match): boolean =>
  ['in', 'out', 'sport', 'dport', 'multiport', 'ctstate', 'addrtype', 'mark', 'tcp-flags'].includes(kind)

function decide(match: Match, packet: Packet): Answer {
  if (match.kind === 'comment') return true
  const plain = decidePlain(match, packet)
  return plain === undefined || !('negated' in match) ? plain : plain !== match.negated
}

/** The condition without its `!`. */
function decidePlain(match: Match, packet: Packet): Answer {
  switch (match.kind) {
    case 'src':
    case 'dst':
      return inside(match.cidr, match.kind === 'src' ? packet.src : packet.dst)
    case 'proto':
      return match.proto === 'all' || protocol(match.proto) === protocol(packet.proto)
    case 'in':
    case 'out':
      return device(match, match.kind === 'in' ? packet.iif : packet.oif)
    case 'fragment':
      return false
    case 'sport':
    case 'dport':
      return among([match.ports], match.kind === 'sport' ? packet.sport : packet.dport)
    case 'multiport':
      return multiport(match.ports, match.side, packet)
    case 'ctstate':
      return any(
        match.states.map((state) =>
          state === 'DNAT' ? packet.dnat : state === 'SNAT' ? packet.snat : is(packet.ctstate, state),
        ),
      )
    case 'addrtype':
      return match.limit
        ? undefined
        : addrtype(match.types, match.side === 'src' ? [packet.src, packet.srcLocal] : [packet.dst, packet.dstLocal])
    case 'mark':
      // The mask is applied to the packet only, as in the kernel.
      return packet.mark === undefined ? undefined : (packet.mark & match.mask) >>> 0 === match.value
    case 'tcp-flags': {
      const { tcpFlags } = packet
      const mask = match.mask.includes('ALL') ? tcpFlags : match.mask
      return (
        tcpFlags &&
        mask &&
        mask.every((flag) => tcpFlags.includes(flag) === match.set.includes(flag)) &&
        match.set.every((flag) => tcpFlags.includes(flag))
      )
    }
    case 'comment':
    case 'connmark':
    case 'conntrack':
    case 'icmp-type':
    case 'iprange':
    case 'limit':
    case 'mac':
    case 'owner':
    case 'physdev':
    case 'pkttype':
    case 'set':
    case 'statistic':
    case 'unknown':
      break
  }
  return undefined
}

const is = (value: string | undefined, wanted: string): Answer => (value === undefined ? undefined : value === wanted)

function inside(cidr: string, address: string): Answer {
  return parseAddress(address) ? contains(cidr, address) : undefined
}

const numbers: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['2', 'igmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['47', 'gre'],
  ['50', 'esp'],
  ['58', 'ipv6-icmp'],
  ['132', 'sctp'],
  ['136', 'udplite'],
  ['icmpv6', 'ipv6-icmp'],
])
const protocol = (name: string): string => numbers.get(name.toLowerCase()) ?? name.toLowerCase()

const device = (match: { readonly name: string; readonly wildcard: boolean }, name: string | undefined): Answer =>
  name === undefined ? undefined : match.wildcard ? name.startsWith(match.name) : name === match.name

const among = (ranges: readonly PortRange[], port: number | undefined): Answer =>
  port === undefined ? undefined : ranges.some(({ from, to }) => from <= port && port <= to)

function multiport(ranges: readonly PortRange[], side: 'source' | 'destination' | 'either', packet: Packet): Answer {
  if (side === 'source') return among(ranges, packet.sport)
  return side === 'destination'
    ? among(ranges, packet.dport)
    : any([among(ranges, packet.sport), among(ranges, packet.dport)])
}

/** Only LOCAL is known of an address; whether another one is broadcast or unicast depends on the routes. */
function addrtype(types: readonly string[], [address, local]: readonly [string, boolean | undefined]): Answer {
  if (types.includes('MULTICAST') && isMulticast(address)) return true
  if (local === undefined) return undefined
  if (local) return types.includes('LOCAL')
  return types.every((type) => type === 'LOCAL' || type === 'MULTICAST') ? false : undefined
}

/** True when one is true, false when all are false. */
function any(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true
  return answers.every((answer) => answer === false) ? false : undefined
}
