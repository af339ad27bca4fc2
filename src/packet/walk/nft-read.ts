import { isRecord } from '../json.ts'
import type { Json } from '../json.ts'
import { unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import { readConntrack } from './nft-conntrack.ts'
import { readFib } from './nft-fib.ts'
import { amount, chance, nothing, word } from './nft-seen.ts'
import type { Read, Seen } from './nft-seen.ts'
import { lengthOf, lifetimeOf } from './match-field.ts'
import { protocolOf } from './match-port.ts'
import { familyOfPacket } from './packet.ts'
import { draw } from './world.ts'
import type { Space } from './world.ts'

/** Makes the left side of a match, or the key of a map, ready; undefined: not modelled. */
export function compileRead(expression: unknown): Read | undefined {
  if (!isRecord(expression)) return undefined
  const [kind = ''] = Object.keys(expression)
  const body = expression[kind]
  if (kind === 'concat' && Array.isArray(body)) {
    const parts = (body as unknown[]).map(compileRead)
    return (sight) => {
      const seen = parts.map((part) => part?.(sight) ?? unsure('not modelled'))
      const open = seen.find((one) => 'unknown' in one)
      if (open) return open
      return { kind: 'parts', parts: seen.filter((one) => 'kind' in one) }
    }
  }
  if (kind === '&' && Array.isArray(body)) return compileMask(body as unknown[])
  if (!isRecord(body)) return undefined
  if (kind === 'numgen' || kind === 'symhash') return readNumber(body)
  if (kind === 'jhash') return readHash(body)
  if (kind === 'meta') return readMeta(String(body['key']))
  if (kind === 'ct') return readConntrack(body)
  if (kind === 'payload' && typeof body['base'] === 'string') return () => chance
  if (kind === 'payload') return readPayload(String(body['protocol']), String(body['field']))
  return kind === 'fib' ? readFib(body) : undefined
}

/** `tcp flags & (fin | syn)`, `meta mark & 0xff`. */
function compileMask([left, right]: readonly unknown[]): Read | undefined {
  const inner = compileRead(left)
  const words = Array.isArray(right) ? (right as unknown[]) : isRecord(right) ? right['|'] : [right]
  return (
    inner &&
    ((sight) => {
      const seen = inner(sight)
      if ('unknown' in seen || seen.kind === 'nothing') return seen
      if (seen.kind === 'number' && typeof right === 'number') return amount((seen.value & right) >>> 0)
      if (seen.kind === 'bits' && Array.isArray(words))
        return { kind: 'bits', words: seen.words.filter((one) => (words as unknown[]).includes(one)) }
      return unsure('a mask is not modelled')
    })
  )
}

/** One of a few numbers by chance: the walk goes every way. */
function readNumber({ mod, offset = 0 }: Json): Read | undefined {
  if (typeof mod !== 'number' || typeof offset !== 'number' || mod < 1) return undefined
  return mod > mostNumbers ? () => chance : (sight) => amount(offset + draw(sight, mod))
}

const mostNumbers = 16

/** The hash of what the packet has: which it is nobody can tell before. */
function readHash(body: Json): Read | undefined {
  const [read, number] = [compileRead(body['expr']), readNumber(body)]
  return (
    read &&
    number &&
    ((sight) => {
      const seen = read(sight)
      const lacks =
        'kind' in seen && (seen.kind === 'nothing' || (seen.kind === 'parts' && seen.parts.includes(nothing)))
      return lacks ? nothing : number(sight)
    })
  )
}

function readMeta(key: string): Read | undefined {
  switch (key) {
    case 'iif':
    case 'iifname':
      return ({ iif }) => ({ kind: 'name', text: iif })
    case 'oif':
    case 'oifname':
      return ({ oif }) => ({ kind: 'name', text: oif })
    case 'l4proto':
      return (sight) => word(protocolOf(sight))
    case 'nfproto':
      return ({ packet }) => word(familyOfPacket(packet) === 4 ? 'ipv4' : 'ipv6')
    case 'protocol':
      return ({ packet }) => word(familyOfPacket(packet) === 4 ? 'ip' : 'ip6')
    case 'iiftype':
    case 'oiftype':
      return ({ space, iif, oif }) => deviceType(space, key === 'iiftype' ? iif : oif)
    case 'pkttype':
      return () => word('host')
    case 'length':
      return ({ packet }) => ({ kind: 'span', name: 'length', ...lengthOf(packet) })
    case 'mark':
      return ({ packet }) => (packet.mark === undefined ? unsure('the mark is not known') : amount(packet.mark))
    case 'time':
    case 'day':
    case 'hour':
    case 'random':
    case 'cgroup':
    case 'cpu':
      return () => chance
    case 'skuid':
    case 'skgid':
      return ({ packet: { owner } }) => {
        const value = key === 'skuid' ? owner?.uid : owner?.gid
        return !owner ? nothing : value === undefined ? unsure(`the ${key} is not known`) : amount(value)
      }
    default:
      return undefined
  }
}

const etherKinds = new Set(['ether', 'veth', 'bridge', 'macvlan', 'ipvlan', 'dummy', 'vlan', 'bond', 'vxlan'])

function deviceType({ index }: Space, device: string): Seen | Unsure {
  if (device === '') return unsure('the type of no device is not known')
  const kind = index.links.get(device)?.kind
  if (kind === 'loopback') return word(kind)
  return kind !== undefined && etherKinds.has(kind) ? word('ether') : unsure(`the type of ${device} is not known`)
}

function readPayload(protocol: string, field: string): Read | undefined {
  if (protocol === 'ip' || protocol === 'ip6') {
    const family = protocol === 'ip' ? 4 : 6
    const read = readHeader(field)
    return read && ((sight) => (familyOfPacket(sight.packet) === family ? read(sight) : nothing))
  }
  if (field === 'sport' || field === 'dport')
    return ({ packet }) =>
      packet.proto === 'icmp' || (protocol !== 'th' && protocol !== packet.proto)
        ? nothing
        : { kind: 'port', side: field }
  if (protocol === 'tcp' && field === 'flags')
    return ({ packet }) =>
      packet.proto === 'tcp' ? { kind: 'bits', words: packet.flags.map((flag) => flag.toLowerCase()) } : nothing
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    const family = protocol === 'icmp' ? 4 : 6
    return ({ packet }) => {
      if (packet.proto !== 'icmp' || familyOfPacket(packet) !== family) return nothing
      const [type, code] = (packet.icmp ?? '').split('/').map(Number)
      const value = field === 'type' ? type : field === 'code' ? code : undefined
      return value === undefined ? unsure(`${protocol} ${field} is not modelled`) : { kind: 'icmp', family, value }
    }
  }
  // Another protocol's header: not this packet's, unless it is one the walk does not look into.
  return (sight) => {
    const mine = protocolOf(sight)
    return protocol === mine || protocol === 'undefined' ? unsure(`${protocol} ${field} is not modelled`) : nothing
  }
}

function readHeader(field: string): Read | undefined {
  switch (field) {
    case 'saddr':
      return ({ packet }) => ({ kind: 'address', text: packet.src })
    case 'daddr':
      return ({ packet }) => ({ kind: 'address', text: packet.dst })
    case 'protocol':
    case 'nexthdr':
      return (sight) => word(protocolOf(sight))
    case 'ttl':
    case 'hoplimit':
      return (sight) => {
        const span = lifetimeOf(sight)
        return span ? { kind: 'span', name: field, ...span } : unsure(`the ${field} is not known`)
      }
    case 'length':
      return ({ packet }) => {
        // That of IPv6 is without its header.
        const head = familyOfPacket(packet) === 4 ? 0 : 40
        const { least, most } = lengthOf(packet)
        return { kind: 'span', name: 'length', least: least - head, most: most - head }
      }
    case 'dscp':
      return ({ packet: { tos } }) =>
        tos === undefined ? unsure('the DSCP is not known') : { kind: 'dscp', value: tos >>> 2 }
    default:
      return undefined
  }
}
