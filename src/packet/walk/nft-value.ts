import { isRecord } from '../json.ts'
import type { Json } from '../json.ts'
import { isUnsure, unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import { among } from './nft-among.ts'
import type { Sets } from './nft-among.ts'
import { asTouched } from './touched.ts'
import { compileRead } from './nft-read.ts'
import type { Sight } from './world.ts'

/** A number computed from the packet: `meta mark | 0x2000`. */
export function numberFrom(sight: Sight, expression: unknown, depth = 0): number | Unsure {
  if (typeof expression === 'number') return expression >>> 0
  if (!isRecord(expression) || depth > 8) return unsure('a value is not modelled')
  const [kind = ''] = Object.keys(expression)
  const body = expression[kind]
  if (Array.isArray(body)) {
    const [left, right] = (body as unknown[]).map((one) => numberFrom(sight, one, depth + 1))
    if (left === undefined || right === undefined) return unsure('a value is not modelled')
    if (typeof left !== 'number') return left
    if (typeof right !== 'number') return right
    switch (kind) {
      case '&':
        return (left & right) >>> 0
      case '|':
        return (left | right) >>> 0
      case '^':
        return (left ^ right) >>> 0
      case '<<':
        return (left << right) >>> 0
      case '>>':
        return left >>> right
      default:
        return unsure('a value is not modelled')
    }
  }
  if (kind === 'map' && isRecord(body)) return unsure('a map of numbers is not modelled')
  const seen = compileRead(expression)?.(sight)
  if (!seen) return unsure('a value is not modelled')
  if ('unknown' in seen) return seen
  if (seen.kind === 'span' && seen.least === seen.most) return seen.least
  return seen.kind === 'number' || seen.kind === 'dscp' ? seen.value : unsure('a value is not modelled')
}

/** The value a map gives for the packet; undefined: the packet is not in it. */
export function mapped(sight: Sight, body: Json, sets: Sets): { readonly value: unknown } | undefined | Unsure {
  const read = compileRead(body['key'])
  if (!read) return unsure('the key of a map is not modelled')
  const seen = read(sight)
  if ('unknown' in seen) return seen
  const { data } = body
  const set = typeof data === 'string' && data.startsWith('@') ? sets(data.slice(1)) : undefined
  const changed = set && asTouched(sight, set, set.name, 'may', undefined)
  if (isUnsure(changed)) return changed
  const named = set?.elem
  const list = named ?? (isRecord(data) ? data['set'] : undefined)
  if (!Array.isArray(list)) return unsure('the members of a map are not known')
  let rest: { readonly value: unknown } | undefined
  for (const entry of list as unknown[]) {
    const [key, value] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (value === undefined) return unsure('a member of a map cannot be read')
    // The catch-all member counts when no other does.
    if (key === '*' || (isRecord(key) && isRecord(key['elem']) && key['elem']['val'] === '*')) rest = { value }
    else {
      const answer = among(sight, seen, key, sets)
      if (answer === true) return { value }
      if (answer !== false) return answer === 'may' ? unsure('a map is not modelled') : answer
    }
  }
  return seen.kind === 'nothing' ? undefined : rest
}
