import { dscpOf } from '../dscp.ts'
import { isRecord, string } from '../json.ts'
import type { Json } from '../json.ts'
import {
  accept,
  drop,
  notrack,
  reject,
  setMark,
  setTos,
  setTtl,
  setZone,
  toProxy,
  translate,
  unknownHere,
} from './act.ts'
import { isUnsure } from './answer.ts'
import { among, memberOf } from './nft-among.ts'
import type { Sets } from './nft-among.ts'
import { changeFrom } from './nft-change.ts'
import { compileRead } from './nft-read.ts'
import type { Seen } from './nft-seen.ts'
import { mapped, numberFrom } from './nft-value.ts'
import { familyOfPacket } from './packet.ts'
import { returned } from './program.ts'
import type { Next, Place } from './program.ts'
import { touch } from './touched.ts'
import { chance, note, whereOf } from './world.ts'
import type { Sight } from './world.ts'

/** `open` is why an earlier condition of the rule cannot be decided: what decides something is then unknown. */
export type Statement = (
  sight: Sight,
  place: Place,
  open: string | undefined,
) => Next | 'go on' | 'no' | { readonly open: string }

const on = (): 'go on' => 'go on'
const passive = new Set([
  'counter',
  'log',
  'comment',
  'flow',
  'dup',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'last',
  'secmark',
])
const random = new Set(['limit', 'quota', 'ct count', 'meter', 'connlimit'])

/** Makes one expression of a rule ready. */
export function compileStatement(expression: unknown, sets: Sets): Statement {
  const [kind = '', body] = isRecord(expression) ? (Object.entries(expression)[0] ?? []) : []
  if (passive.has(kind)) return on
  if (kind === 'match' && isRecord(body)) return compileMatch(body, sets)
  if (kind === 'xt') return isRecord(body) && body['name'] === 'comment' ? on : () => ({ open: opaque(body) })
  // The chance of an open rule is decided only when the rule does something.
  if (random.has(kind))
    return (sight, place, open) => (open === undefined && !chance(sight.world, whereOf(sight, place)) ? 'no' : 'go on')
  if (kind === 'mangle' && isRecord(body)) return compileMangle(body)
  if ((kind === 'set' || kind === 'map') && isRecord(body)) return compileChange(String(body[kind]), body, sets)
  return (sight, place, open) =>
    open === undefined ? verdict(sight, place, kind, body, sets) : unknownHere(sight, place, open)
}

const opaque = (body: unknown): string =>
  `${isRecord(body) ? `${String(body['type'])} ${String(body['name'])}` : 'an extension'} of iptables is not readable here`

function compileMatch(body: Json, sets: Sets): Statement {
  const read = compileRead(body['left'])
  const op = typeof body['op'] === 'string' ? body['op'] : '=='
  return (sight, place, open) => {
    const seen = read?.(sight)
    if (!seen) return { open: 'a match is not modelled' }
    const answer = 'unknown' in seen ? seen : among(sight, seen, body['right'], sets, op)
    if (answer === false) return 'no'
    if (answer === 'may' && open === undefined && !chance(sight.world, whereOf(sight, place))) return 'no'
    return isUnsure(answer) ? { open: answer.unknown } : 'go on'
  }
}

/** `add @set { … }`, `update`, `delete`; a limit that is kept for each member lets the rule go on or not. */
function compileChange(name: string, body: Json, sets: Sets): Statement {
  const { elem } = body
  const read = compileRead(isRecord(elem) && isRecord(elem['elem']) ? elem['elem']['val'] : elem)
  const counts = [body['stmt']].flat().some((one) => isRecord(one) && Object.keys(one).some((key) => random.has(key)))
  return (sight, place, open) => {
    const set = sets(name.replace(/^@/, ''))
    const seen = read?.(sight)
    // A packet without the field ends the rule, and so does a set that is full.
    if (seen && 'kind' in seen && lacks(seen)) return 'no'
    const member = seen && 'kind' in seen ? memberOf(sight, seen) : undefined
    const op = body['op'] === 'delete' ? 'del' : 'add'
    const full = op === 'add' && set?.size !== undefined && set.elem.length >= set.size
    touch(sight, place, set, { op, member, sure: open === undefined && !full })
    if (full) return { open: `set ${name} is full` }
    return open === undefined && counts && !chance(sight.world, whereOf(sight, place)) ? 'no' : 'go on'
  }
}

const lacks = (seen: Seen): boolean => seen.kind === 'nothing' || (seen.kind === 'parts' && seen.parts.some(lacks))

/** `meta mark set`, `ct mark set`, `ip ttl set`, `ip dscp set`; other fields change nothing the walk looks at. */
function compileMangle(body: Json): Statement {
  const { key, value } = body
  const [meta, ct, payload] = isRecord(key) ? [key['meta'], key['ct'], key['payload']] : []
  const marks = (isRecord(meta) && meta['key'] === 'mark') || (isRecord(ct) && ct['key'] === 'mark')
  if (marks)
    return (sight, place, open) => {
      const result = open === undefined ? numberFrom(sight, value) : { unknown: open }
      const mark = typeof result === 'number' ? result : undefined
      const flow = sight.packet.track?.flow
      if (isRecord(ct)) {
        if (flow) flow.mark = mark
      } else if (mark === undefined) sight.packet.mark = undefined
      else setMark(sight, place, { value: mark, mask: 0xffffffff })
      return 'go on'
    }
  if (isRecord(ct) && ct['key'] === 'zone' && typeof value === 'number' && ct['dir'] === undefined)
    return (sight, place, open) =>
      open === undefined ? (setZone(sight, place, value) ?? 'go on') : unknownHere(sight, place, open)
  const header = isRecord(payload) ? compileHeader(payload, value) : undefined
  if (header) return header
  const field = isRecord(payload) ? String(payload['field']) : isRecord(ct) ? String(ct['key']) : ''
  return ['saddr', 'daddr', 'sport', 'dport', 'zone'].includes(field)
    ? (sight, place, open) => unknownHere(sight, place, open ?? `setting ${field} is not modelled`)
    : on
}

function compileHeader({ protocol, field }: Json, value: unknown): Statement | undefined {
  const family = protocol === 'ip' ? 4 : 6
  if (field !== 'ttl' && field !== 'hoplimit' && field !== 'dscp') return undefined
  return (sight, place, open) => {
    if (familyOfPacket(sight.packet) !== family) return 'no'
    const given =
      open === undefined ? ((field === 'dscp' ? dscpOf(value) : undefined) ?? numberFrom(sight, value)) : undefined
    const known = typeof given === 'number' ? given : undefined
    if (field !== 'dscp') setTtl(sight, place, known)
    else if (known === undefined) sight.packet.tos = undefined
    else setTos(sight, place, { value: known << 2, mask: 0xfc })
    return 'go on'
  }
}

function verdict(sight: Sight, place: Place, kind: string, body: unknown, sets: Sets): Next | 'no' | 'go on' {
  switch (kind) {
    case 'accept':
      return accept(sight, place)
    case 'drop':
      return drop(sight, place)
    case 'return':
      note(sight, 'return', place)
      return returned
    case 'continue':
      return undefined
    case 'jump':
    case 'goto':
      note(sight, kind, place)
      return { go: kind, chain: isRecord(body) ? String(body['target']) : '' }
    case 'reject':
      return isForAnother(sight, body) ? undefined : reject(sight, place, rejection(sight, body))
    case 'notrack':
      notrack(sight, place)
      return 'go on'
    case 'vmap': {
      const found = isRecord(body) ? mapped(sight, body, sets) : { unknown: 'the map cannot be read' }
      if (!found) return 'no'
      if (isUnsure(found)) return unknownHere(sight, place, found.unknown)
      const [name = '', target] = isRecord(found.value) ? (Object.entries(found.value)[0] ?? []) : []
      return name === 'vmap' ? unknownHere(sight, place, 'a map in a map') : verdict(sight, place, name, target, sets)
    }
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect': {
      const change = changeFrom(sight, kind, body, sets)
      if (change === undefined) return 'no'
      return isUnsure(change) ? unknownHere(sight, place, change.unknown) : translate(sight, place, change)
    }
    case 'tproxy': {
      const { addr, port } = isRecord(body) ? body : {}
      if (typeof port !== 'number' || (addr !== undefined && typeof addr !== 'string'))
        return unknownHere(sight, place, 'this transparent proxy rule is not modelled')
      const taken = toProxy(sight, place, addr, port)
      if (isUnsure(taken)) return unknownHere(sight, place, taken.unknown)
      return taken ? 'go on' : 'no'
    }
    default:
      return unknownHere(sight, place, `${kind === '' ? 'an expression' : kind} is not modelled`)
  }
}

/** Only TCP is reset, and each family has errors of its own: that a rule asks for protocol or family is not printed. */
function isForAnother({ packet }: Sight, body: unknown): boolean {
  const type = isRecord(body) ? body['type'] : undefined
  const family = type === 'icmp' ? 4 : type === 'icmpv6' ? 6 : undefined
  return type === 'tcp reset' ? packet.proto !== 'tcp' : family !== undefined && family !== familyOfPacket(packet)
}

function rejection(sight: Sight, body: unknown): string {
  if (isRecord(body) && body['type'] === 'tcp reset') return 'tcp-reset'
  const reason = isRecord(body) ? string(body, 'expr') : undefined
  return `${familyOfPacket(sight.packet) === 4 ? 'icmp' : 'icmp6'}-${reason ?? 'port-unreachable'}`
}
