import { isMulticast, isUnspecified } from '../ipaddr.ts'
import type { Match } from '../iptables-match.ts'
import { compare, net, ready, within } from './address.ts'
import { anyOf, isUnsure, not, unsure } from './answer.ts'
import { dependsOnCaller } from './anyone.ts'
import type { Answer } from './answer.ts'
import { matchConntrack, matchState } from './match-conntrack.ts'
import { among, matchPort, matchProtocol } from './match-port.ts'
import { matchField } from './match-field.ts'
import { matchReverse } from './match-reverse.ts'
import { inSet } from './ipset.ts'
import { addressType6 } from './fib.ts'
import { addressType } from './local.ts'
import { familyOfPacket } from './packet.ts'
import type { Sight } from './world.ts'

export type Test = (sight: Sight) => Answer

/** A condition of an iptables rule, made ready. Nothing is guessed: what is not modelled is named. */
export function compileMatch(match: Match): Test {
  const plain = compilePlain(match)
  return 'negated' in match && match.negated ? (sight) => not(plain(sight)) : plain
}

const always = (): Answer => true
const may = (): Answer => 'may'

function compilePlain(match: Match): Test {
  const unmodelled = unsure(`match ${match.text} is not modelled`)
  switch (match.kind) {
    case 'comment':
      return always
    case 'src':
    case 'dst':
      return compileAddress(match.cidr, match.kind, unmodelled)
    case 'proto':
      return matchProtocol(match.proto)
    case 'in':
    case 'out':
      return compileDevice(match)
    case 'fragment':
      return () => false
    case 'sport':
    case 'dport':
      return matchPort([match.ports], match.kind)
    case 'multiport': {
      const { side, ports } = match
      if (side !== 'either') return matchPort(ports, side === 'source' ? 'sport' : 'dport')
      const both = [matchPort(ports, 'sport'), matchPort(ports, 'dport')]
      return (sight) => anyOf(both.map((one) => one(sight)))
    }
    case 'ctstate':
      return matchState(match.states)
    case 'conntrack':
      return matchConntrack(match.field, match.value, unmodelled)
    case 'addrtype':
      return matchType(match.side, match.types, match.limit)
    case 'mark':
    case 'connmark': {
      const { kind, value, mask } = match
      return ({ packet }) => {
        const held = kind === 'mark' ? packet.mark : packet.track?.flow ? packet.track.flow.mark : 0
        if (kind === 'connmark' && !packet.track?.flow) return false
        // The mask is applied to the packet only, as in the kernel.
        return held === undefined ? unsure('the mark is not known') : (held & mask) >>> 0 === value
      }
    }
    case 'tcp-flags':
      return matchFlags(match.mask, match.set)
    case 'icmp-type': {
      const [type, code] = match.type.split('/')
      if (match.type !== 'any' && !/^\d+(\/\d+)?$/.test(match.type)) return () => unmodelled
      return ({ packet: { icmp } }) =>
        icmp !== undefined &&
        (type === 'any' || type === '255' || icmp === `${type}/${code ?? icmp.split('/')[1] ?? ''}`)
    }
    case 'iprange': {
      const [from, to] = [ready(match.from), ready(match.to)]
      if (!from || !to) return () => unmodelled
      return (sight) => {
        const address = sight.packet[match.side]
        const one = ready(address)
        const within = one !== undefined && (compare(from, one) ?? 1) <= 0 && (compare(one, to) ?? 1) <= 0
        return dependsOnCaller(sight, address, `${match.from}-${match.to}`) ?? within
      }
    }
    case 'limit':
      return may
    case 'chance':
      return match.sure === undefined ? may : match.sure ? always : () => false
    case 'statistic':
      return match.probability === 0 ? () => false : match.probability === 1 ? always : may
    case 'physdev':
      return matchPhysdev(match.field, match.name, unmodelled)
    case 'owner':
      return matchOwner(match.field, match.value, unmodelled)
    case 'pkttype':
      return () => match.type === 'unicast' || match.type === 'host'
    case 'set':
      return (sight) => inSet(sight, match.set, match.sides)
    case 'field':
      return matchField(match)
    case 'policy':
      // Packets of IPsec are not walked.
      return () => match.none
    case 'rpfilter':
      return matchReverse(match)
    case 'mac':
    case 'unknown':
      return () => unmodelled
  }
}

function compileAddress(cidr: string, side: 'src' | 'dst', unmodelled: Answer): Test {
  const network = net(cidr)
  if (!network) return () => unmodelled
  return (sight) => {
    const address = sight.packet[side]
    const one = ready(address)
    return dependsOnCaller(sight, address, cidr) ?? (one !== undefined && within(network, one))
  }
}

function compileDevice({ kind, name, wildcard }: Match & { kind: 'in' | 'out' }): Test {
  const side = kind === 'in' ? 'iif' : 'oif'
  return wildcard ? (sight) => sight[side].startsWith(name) : (sight) => sight[side] === name
}

function matchFlags(mask: readonly string[], set: readonly string[]): Test {
  const every = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG']
  const looked = mask.includes('ALL') ? every : mask
  const wanted = set.includes('ALL') ? every : set
  return ({ packet: { flags, proto } }) =>
    proto === 'tcp' && looked.every((flag) => flags.includes(flag) === wanted.includes(flag))
}

export function matchType(side: 'src' | 'dst', types: readonly string[], limit?: 'in' | 'out'): Test {
  const wanted = types.map((type) => type.toLowerCase())
  return (sight) => {
    const { space, packet, iif, oif } = sight
    if (familyOfPacket(packet) === 6) return matchType6(sight, packet[side], wanted, limit)
    const device = limit === undefined ? undefined : limit === 'in' ? iif : oif
    const type = addressType(space, familyOfPacket(packet), packet[side], device)
    return type === undefined ? unsure('the table local is not known') : wanted.includes(type)
  }
}

/** The types of IPv6 are several conditions at once (net/netfilter/xt_addrtype.c, match_type6). */
function matchType6(
  { space, iif, oif }: Sight,
  address: string,
  wanted: readonly string[],
  limit?: 'in' | 'out',
): Answer {
  const multicast = isMulticast(address)
  if (wanted.includes('multicast') && !multicast) return false
  if (wanted.includes('unicast') && (multicast || isUnspecified(address))) return false
  if (wanted.includes('unspec') && !isUnspecified(address)) return false
  if (!wanted.some((type) => ['local', 'anycast', 'prohibit', 'unreachable'].includes(type))) return true
  const device = limit === undefined ? undefined : limit === 'in' ? iif : oif
  const type = addressType6(space, address, device)
  return isUnsure(type) ? type : wanted.includes(type)
}

/** net/netfilter/xt_physdev.c: without a bridge port only the inverted conditions hold. */
function matchPhysdev(field: string, name: string | undefined, unmodelled: Answer): Test {
  const named = (port: string | null | undefined): Answer => {
    if (port === null) return unsure('the bridge port is not known')
    if (port === undefined || name === undefined) return false
    return name.endsWith('+') ? port.startsWith(name.slice(0, -1)) : port === name
  }
  switch (field) {
    case 'in':
      return ({ packet }) => named(packet.physin)
    case 'out':
      return ({ packet }) => named(packet.physout)
    case 'is-in':
      return ({ packet }) => (packet.physin === null ? named(null) : packet.physin !== undefined)
    case 'is-out':
    case 'is-bridged':
      return ({ packet }) => packet.physout !== undefined
    default:
      return () => unmodelled
  }
}

/** Only packets of a program of this namespace have an owner. */
function matchOwner(field: string, value: string | undefined, unmodelled: Answer): Test {
  const [from, to = from] = (value ?? '').split('-').map(Number)
  if (field === 'socket-exists') return ({ packet }) => packet.owner !== undefined
  if ((field !== 'uid' && field !== 'gid') || from === undefined || to === undefined) return () => unmodelled
  if (Number.isNaN(from) || Number.isNaN(to)) return () => unmodelled
  return ({ packet: { owner } }) => {
    if (!owner) return false
    const held = owner[field]
    return held === undefined ? unsure(`the ${field} of the sender is not known`) : among([{ from, to }], held)
  }
}
