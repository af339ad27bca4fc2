import { isRecord } from '../json.ts'
import type { NftSet } from '../nft.ts'
import { dscpOf } from '../dscp.ts'
import { compare, net, ready, within } from './address.ts'
import { allOf, anyOf, not, unsure } from './answer.ts'
import type { Answer } from './answer.ts'
import { dependsOnCaller } from './anyone.ts'
import { spanWithin } from './match-field.ts'
import { matchPort, protocolName } from './match-port.ts'
import { asTouched } from './touched.ts'
import type { Seen } from './nft-seen.ts'
import type { Sight } from './world.ts'

export type Sets = (name: string) => NftSet | undefined

/** Whether what was read stands in the right side of a match: a value, prefix, range, list, set or named set. */
export function among(sight: Sight, seen: Seen, right: unknown, sets: Sets, op = '=='): Answer {
  if (seen.kind === 'nothing') return false
  if (seen.kind === 'chance') return 'may'
  if (op === '!=') return not(among(sight, seen, right, sets))
  if (op === '<' || op === '>' || op === '<=' || op === '>=') return ordered(sight, seen, right, op)
  if (seen.kind === 'bits') return bits(seen.words, right, op)
  if (op !== '==' && op !== 'in') return unsure(`the comparison ${op} is not modelled`)
  return inside(sight, seen, right, sets, 0)
}

function inside(sight: Sight, seen: Seen, right: unknown, sets: Sets, depth: number): Answer {
  if (depth > 8) return unsure('the sets are nested too deep')
  const again = (one: unknown): Answer => inside(sight, seen, one, sets, depth + 1)
  if (Array.isArray(right)) return anyOf((right as unknown[]).map(again))
  if (typeof right === 'string' && right.startsWith('@')) {
    const set = sets(right.slice(1))
    if (set)
      return asTouched(sight, set, right, anyOf(set.elem.map((one) => again(keyOf(set, one)))), memberOf(sight, seen))
    return unsure(`there is no set ${right}`)
  }
  if (isRecord(right)) {
    const { set, elem, concat, prefix, range } = right
    if (set !== undefined) return again(set)
    if (isRecord(elem)) return again(elem['val'])
    if (Array.isArray(concat)) return parts(sight, seen, concat as unknown[], sets, depth)
    if (isRecord(prefix)) return inNetwork(sight, seen, `${String(prefix['addr'])}/${String(prefix['len'])}`)
    if (Array.isArray(range)) return inRange(sight, seen, (range as unknown[])[0], (range as unknown[])[1])
    return unsure('a value of a match is not modelled')
  }
  return same(sight, seen, right)
}

/** What was read as text that is the same for the same member of a set; undefined: it is not known which. */
export function memberOf(sight: Sight, seen: Seen): string | undefined {
  switch (seen.kind) {
    case 'address':
      return ready(seen.text)?.value.toString()
    case 'name':
      return seen.text
    case 'word':
      return word(seen.text)
    case 'number':
    case 'dscp':
    case 'icmp':
      return String(seen.value)
    case 'port':
      return sight.packet.pieces ? undefined : sight.packet[seen.side]?.toString()
    case 'parts': {
      const parts = seen.parts.map((part) => memberOf(sight, part))
      return parts.includes(undefined) ? undefined : parts.join(' . ')
    }
    case 'span':
      return seen.least === seen.most ? String(seen.least) : undefined
    case 'bits':
    case 'chance':
    case 'nothing':
      return undefined
  }
}

const keyOf = (set: NftSet, element: unknown): unknown =>
  set.kind === 'map' && Array.isArray(element) ? (element as unknown[])[0] : element

function parts(sight: Sight, seen: Seen, wanted: readonly unknown[], sets: Sets, depth: number): Answer {
  if (seen.kind !== 'parts' || seen.parts.length !== wanted.length) return unsure('a concatenation is not modelled')
  if (seen.parts.some((part) => part.kind === 'nothing')) return false
  return allOf(seen.parts.map((part, i) => inside(sight, part, wanted[i], sets, depth + 1)))
}

function same(sight: Sight, seen: Seen, right: unknown): Answer {
  if (right === '*') return true
  switch (seen.kind) {
    case 'address':
      return typeof right === 'string'
        ? inNetwork(sight, seen, right)
        : unsure('an address is compared with something else')
    case 'name': {
      // `oif missing` and `oif exists` of a lookup.
      if (typeof right === 'boolean') return (seen.text !== '') === right
      const name = String(right)
      return name.endsWith('*') ? seen.text.startsWith(name.slice(0, -1)) : seen.text === name
    }
    case 'word':
      return word(seen.text) === word(String(right))
    case 'number':
      return typeof right === 'number' ? seen.value === right : unsure(`${String(right)} has no number here`)
    case 'port':
    case 'span':
      return inRange(sight, seen, right, right)
    case 'icmp': {
      const wanted = typeof right === 'number' ? right : icmpTypes[seen.family].get(String(right))
      return wanted === undefined ? unsure(`${String(right)} has no number here`) : seen.value === wanted
    }
    case 'dscp': {
      const wanted = dscpOf(right)
      return wanted === undefined ? unsure(`${String(right)} has no number here`) : seen.value === wanted
    }
    case 'chance':
      return 'may'
    case 'bits':
    case 'parts':
    case 'nothing':
      return unsure('a comparison is not modelled')
  }
}

const icmpTypes: Readonly<Record<4 | 6, ReadonlyMap<string, number>>> = {
  4: new Map(
    Object.entries({
      'echo-reply': 0,
      'destination-unreachable': 3,
      redirect: 5,
      'echo-request': 8,
      'time-exceeded': 11,
      'parameter-problem': 12,
    }),
  ),
  6: new Map(
    Object.entries({
      'destination-unreachable': 1,
      'packet-too-big': 2,
      'time-exceeded': 3,
      'parameter-problem': 4,
      'echo-request': 128,
      'echo-reply': 129,
      'mld-listener-query': 130,
      'mld-listener-report': 131,
      'mld-listener-done': 132,
      'mld-listener-reduction': 132,
      'nd-router-solicit': 133,
      'nd-router-advert': 134,
      'nd-neighbor-solicit': 135,
      'nd-neighbor-advert': 136,
      'nd-redirect': 137,
      'mld2-listener-report': 143,
    }),
  ),
}

const word = (text: string): string => (text === 'unicast' ? 'host' : protocolName(text))

function inNetwork(sight: Sight, seen: Seen, text: string): Answer {
  const network = net(text)
  if (seen.kind !== 'address' || !network) return unsure(`${text} is not modelled`)
  const one = ready(seen.text)
  return dependsOnCaller(sight, seen.text, text) ?? (one !== undefined && within(network, one))
}

function inRange(sight: Sight, seen: Seen, from: unknown, to: unknown): Answer {
  if (seen.kind === 'address') {
    const [low, high, one] = [ready(String(from)), ready(String(to)), ready(seen.text)]
    if (!low || !high || !one) return unsure('a range of addresses cannot be read')
    const open = dependsOnCaller(sight, seen.text, `${String(from)}-${String(to)}`)
    return open ?? ((compare(low, one) ?? 1) <= 0 && (compare(one, high) ?? 1) <= 0)
  }
  if (typeof from !== 'number' || typeof to !== 'number') return unsure(`${String(from)} has no number here`)
  if (seen.kind === 'port') return matchPort([{ from, to }], seen.side)(sight)
  if (seen.kind === 'span') return spanWithin(seen, from, to, `${seen.name} is what the rule asks for`)
  return seen.kind === 'number' || seen.kind === 'dscp'
    ? from <= seen.value && seen.value <= to
    : unsure('a range is not modelled')
}

function ordered(sight: Sight, seen: Seen, right: unknown, op: '<' | '>' | '<=' | '>='): Answer {
  if (typeof right !== 'number') return unsure(`the comparison ${op} is not modelled`)
  const [from, to] = op.startsWith('<')
    ? [0, op === '<' ? right - 1 : right]
    : [op === '>' ? right + 1 : right, 2 ** 32]
  return inRange(sight, seen, from, to)
}

/** `in`: one of the bits is set; `==`: exactly these are. */
function bits(words: readonly string[], right: unknown, op: string): Answer {
  const wanted = namesOf(right)
  if (!wanted) return unsure('flags are compared with something else')
  if (op === 'in') return wanted.some((one) => words.includes(one))
  if (op === '!') return !wanted.some((one) => words.includes(one))
  // A set of flags holds when one of its members is the whole value.
  if (isRecord(right) && 'set' in right) return wanted.some((one) => words.length === 1 && words[0] === one)
  return words.length === wanted.length && wanted.every((one) => words.includes(one))
}

function namesOf(right: unknown): readonly string[] | undefined {
  if (right === 0) return []
  if (typeof right === 'string') return right.startsWith('@') ? undefined : [right]
  const list = isRecord(right) ? (right['set'] ?? right['|']) : right
  if (typeof list === 'string') return [list]
  return Array.isArray(list) && (list as unknown[]).every((one) => typeof one === 'string')
    ? (list as string[])
    : undefined
}
