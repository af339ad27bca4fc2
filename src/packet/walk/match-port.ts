import type { Range } from '../ip-route.ts'
import { anyOf, unsure } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Test } from './match.ts'
import { familyOfPacket } from './packet.ts'
import type { Sight } from './world.ts'

export const among = (ranges: readonly Range[], port: number): boolean =>
  ranges.some(({ from, to }) => from <= port && port <= to)

/** A port that the kernel chooses is inside or outside of a range only when its whole range is. */
export function matchPort(ranges: readonly Range[], side: 'sport' | 'dport'): Test {
  return ({ packet }) => {
    if (packet.proto === 'icmp') return false
    if (packet.pieces) return unsure('the packet comes in fragments, and only the first one has ports')
    const port = packet[side]
    if (port !== undefined) return among(ranges, port)
    const { ports } = packet
    if (!ports) return unsure('the port is not known')
    return anyOf(
      ranges.map(({ from, to }): Answer => {
        if (to < ports.from || from > ports.to) return false
        return from <= ports.from && ports.to <= to ? true : unsure(`the port is one of ${ports.from} to ${ports.to}`)
      }),
    )
  }
}

const numbers: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'ipv6-icmp'],
  ['icmpv6', 'ipv6-icmp'],
])

/** `-p`, and what nftables calls l4proto. */
export function matchProtocol(name: string): Test {
  const wanted = protocolName(name)
  if (wanted === 'all' || wanted === '0') return () => true
  return (sight) => protocolOf(sight) === wanted
}

export const protocolName = (name: string): string => numbers.get(name.toLowerCase()) ?? name.toLowerCase()

export const protocolOf = ({ packet }: Sight): string =>
  packet.proto !== 'icmp' ? packet.proto : familyOfPacket(packet) === 4 ? 'icmp' : 'ipv6-icmp'
