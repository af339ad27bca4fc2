import { parsed, unreadable } from '../parsed.ts'
import type { Parsed } from '../parsed.ts'
import { net, ready, within } from './address.ts'
import { allOf, anyOf, unsure } from './answer.ts'
import type { Answer } from './answer.ts'
import { dependsOnCaller } from './anyone.ts'
import { matchPort, protocolOf } from './match-port.ts'
import { familyOfPacket } from './packet.ts'
import type { Place } from './program.ts'
import { asTouched, touch } from './touched.ts'
import type { IpSet } from './types.ts'
import type { Sight } from './world.ts'

/** Reads `ipset save`: lines `create NAME TYPE …` and `add NAME MEMBER …`. */
export function parseIpSets(text: string): Parsed<readonly IpSet[]> {
  const sets = new Map<string, IpSet & { readonly members: string[] }>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [verb, name = '', rest = '', ...options] = line.split(' ')
    if (verb === 'create') sets.set(name, { name, type: rest, members: [], options: options.join(' ') })
    else if (verb === 'add' && sets.has(name))
      sets.get(name)?.members.push([rest, ...options.filter((word) => word === 'nomatch')].join(' '))
    else return unreadable('neither a set nor a member', index + 1)
  }
  return parsed([...sets.values()])
}

/** Whether the packet is in a set; `sides` says for each part of the set's type where to take it from. */
export function inSet(sight: Sight, name: string, sides: readonly string[], depth = 0): Answer {
  const set = setNamed(sight, name)
  if (!set) return unsure(`the members of set ${name} are not known`)
  return asTouched(sight, set, name, among(sight, set, sides, depth), memberOf(sight, set, sides) ?? undefined)
}

/** The member a rule makes of the packet; null: the set takes none of it, undefined: it is not known which. */
export function memberOf(
  sight: Sight,
  { type, options = '' }: IpSet,
  sides: readonly string[],
): string | null | undefined {
  const { packet } = sight
  if (options.includes(`family ${familyOfPacket(packet) === 4 ? 'inet6' : 'inet '}`)) return null
  // Of networks the longest prefix in the set is written; a mask writes less than the address.
  if (!/^(hash:ip|hash:ip,port|bitmap:port)$/.test(type) || /\b(netmask|bitmask)\b/.test(options)) return undefined
  const parts = (type.split(':')[1] ?? '').split(',').map((part, i) => {
    const side = sides[i] ?? 'src'
    if (part === 'ip') return ready(packet[side === 'src' ? 'src' : 'dst'])?.value.toString()
    const port = packet[side === 'src' ? 'sport' : 'dport']
    if (packet.proto === 'icmp' || packet.pieces || port === undefined) return undefined
    return type === 'bitmap:port' ? String(port) : `${packet.proto}:${port}`
  })
  return parts.includes(undefined) ? undefined : parts.join(',')
}

/** A rule adds the packet to a set, or takes it out; a set that is full takes no more. */
export function changeSet(
  sight: Sight,
  place: Place,
  { set: name, op, sides }: { readonly set: string; readonly op: 'add' | 'del'; readonly sides: readonly string[] },
  sure: boolean,
): undefined {
  const set = setNamed(sight, name)
  const member = set && memberOf(sight, set, sides)
  if (member === null) return undefined
  const most = Number(/\bmaxelem (\d+)/.exec(set?.options ?? '')?.[1] ?? Infinity)
  const room = op === 'del' || (set?.members.length ?? 0) < most
  return touch(sight, place, set, { op, member, sure: sure && room })
}

const setNamed = ({ space }: Sight, name: string): IpSet | undefined =>
  space.index.state.ipsets?.find((one) => one.name === name)

function among(sight: Sight, set: IpSet, sides: readonly string[], depth: number): Answer {
  const { name } = set
  if (set.type === 'list:set')
    return depth > 8
      ? unsure(`set ${name} holds itself`)
      : anyOf(set.members.map((member) => inSet(sight, member, sides, depth + 1)))
  const parts = set.type.split(':')[1]?.split(',') ?? []
  if (parts.some((part) => !['ip', 'net', 'port'].includes(part)) || parts.length === 0)
    return unsure(`sets of type ${set.type} are not modelled`)
  // The ports of a bitmap are those of any protocol that has ports.
  const named = (value: string): string => (set.type === 'bitmap:port' ? `${protocolOf(sight)}:${value}` : value)
  const fits = (member: string): Answer => {
    const values = valuesOf(member)
    return allOf(parts.map((part, i) => fitsPart(sight, part, sides[i] ?? 'src', named(values[i] ?? ''))))
  }
  const at = parts.indexOf('net')
  if (!set.members.some(excluding)) return anyOf(set.members.map(fits))
  if (parts.lastIndexOf('net') !== at) return unsure(`set ${name} has members with nomatch`)
  // The longest prefix that fits decides (net/netfilter/ipset/ip_set_hash_gen.h, mtype_test_cidrs).
  const prefix = (member: string): number => net(valuesOf(member)[at] ?? '')?.prefix ?? 0
  for (const member of set.members.toSorted((a, b) => prefix(b) - prefix(a))) {
    const answer = fits(member)
    if (answer !== false) return answer === true ? !excluding(member) : answer
  }
  return false
}

const valuesOf = (member: string): readonly string[] => (member.split(' ')[0] ?? '').split(',')
const excluding = (member: string): boolean => member.endsWith(' nomatch')

function fitsPart(sight: Sight, part: string, side: string, value: string): Answer {
  const { packet } = sight
  if (part === 'port') {
    const [, proto = 'tcp', list = ''] = /^(?:([a-z0-9-]+):)?(.+)$/.exec(value) ?? []
    const [from, to = from] = list.split('-').map(Number)
    if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to))
      return unsure(`the member ${value} of a set cannot be read`)
    if (protocolOf(sight) !== proto) return false
    return matchPort([{ from, to }], side === 'src' ? 'sport' : 'dport')(sight)
  }
  const address = side === 'src' ? packet.src : packet.dst
  const one = ready(address)
  const network = net(value)
  if (!network) return unsure(`the member ${value} of a set cannot be read`)
  return dependsOnCaller(sight, address, value) ?? (one !== undefined && within(network, one))
}
