import { isRecord } from '../json.ts'
import type { PortRange } from '../iptables-match.ts'
import { present } from '../parsed.ts'
import { familyOf } from '../ipaddr.ts'
import { familyOfPacket } from './packet.ts'
import { isUnsure, unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import type { Change } from './nat.ts'
import type { Sets } from './nft-among.ts'
import { mapped } from './nft-value.ts'
import type { Sight } from './world.ts'

/** The parameters of a NAT statement; undefined: its map does not have the packet. */
export function changeFrom(sight: Sight, kind: Change['kind'], body: unknown, sets: Sets): Change | undefined | Unsure {
  if (!isRecord(body)) return { kind, random: false }
  const flags = [body['flags']].flat()
  if (flags.includes('netmap') || flags.includes('prefix')) return unsure('a translation of networks is not modelled')
  const random = flags.includes('random') || flags.includes('fully-random')
  const addr = valueOf(sight, body['addr'], sets)
  const port = valueOf(sight, body['port'], sets)
  if (addr === 'absent' || port === 'absent') return undefined
  if (isUnsure(addr)) return addr
  if (isUnsure(port)) return port
  // A map may give address and port at once.
  const joined = isRecord(addr?.value) ? addr.value['concat'] : undefined
  const [address, second] = Array.isArray(joined) ? (joined as unknown[]) : [addr?.value]
  const [from, to] = spanOf(address)
  const ports = portsOf(second ?? port?.value)
  if (isUnsure(ports)) return ports
  if (address !== undefined && from === undefined) return unsure('the new address cannot be read')
  // In a table of both families the statement is for one of them.
  if (from !== undefined && familyOf(from) !== familyOfPacket(sight.packet)) return undefined
  return present<Change>({ kind, random, address: from, lastAddress: to, ports })
}

function valueOf(
  sight: Sight,
  expression: unknown,
  sets: Sets,
): { readonly value: unknown } | undefined | 'absent' | Unsure {
  if (expression === undefined) return undefined
  if (!isRecord(expression) || !isRecord(expression['map'])) return { value: expression }
  return mapped(sight, expression['map'], sets) ?? 'absent'
}

function spanOf(value: unknown): readonly [string?, string?] {
  if (typeof value === 'string') return [value]
  const range = isRecord(value) ? value['range'] : undefined
  const [from, to] = Array.isArray(range) ? (range as unknown[]) : []
  return typeof from === 'string' && typeof to === 'string' ? [from, to] : []
}

function portsOf(value: unknown): PortRange | undefined | Unsure {
  if (value === undefined) return undefined
  if (typeof value === 'number') return { from: value, to: value }
  const range = isRecord(value) ? value['range'] : undefined
  const [from, to] = Array.isArray(range) ? (range as unknown[]) : []
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : unsure('the new port cannot be read')
}
