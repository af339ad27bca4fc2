import { at, isRecord, string } from './json.ts'
import type { Json } from './json.ts'
import type { Inner } from './nft-text.ts'

export const operators = new Set(['&', '|', '^', '<<', '>>'])
/** Keys whose values are printed in quotation marks. */
const names = new Set(['iif', 'oif', 'iifname', 'oifname', 'ibrname', 'obrname', 'time', 'hour'])

/** A match of nft: the key, the operator where it is said, and the value in the form nft has for this key. */
export function matchText(body: Json, inner: Inner): string {
  const left = at(body, 'left')
  const right = at(body, 'right')
  const op = string(body, 'op') ?? '=='
  const masked = isRecord(left) ? at(left, '&') : undefined
  if (Array.isArray(masked) && Array.isArray(masked[1]) && op === '==')
    return `${inner(masked[0])} ${inner(right)} / ${inner(masked[1])}`
  const plain =
    op === 'in' || (op === '==' && !(isRecord(left) && Object.keys(left).some((kind) => operators.has(kind))))
  return [inner(left), ...(plain ? [] : [op]), valueText(left, right, inner)].join(' ')
}

/** What is compared with, in the form nft has for this key. */
export function valueText(left: unknown, right: unknown, inner: Inner): string {
  if (isMark(left)) return hex(right, inner)
  if (typeof right === 'boolean') return right ? 'exists' : 'missing'
  const [kind = ''] = isRecord(left) ? Object.keys(left) : []
  const body = isRecord(left) ? at(left, kind) : undefined
  if (!isRecord(body)) return inner(right)
  if (kind === 'payload' && string(body, 'protocol') === undefined && typeof right === 'number')
    return `0x${right.toString(16)}`
  const key = string(body, 'key') ?? ''
  if (kind === 'ct' && key === 'expiration' && typeof right === 'number') return duration(right)
  const named = (kind === 'meta' && names.has(key)) || kind === 'osf' || (kind === 'ct' && key === 'helper')
  return named ? quotedAll(right, inner) : inner(right)
}

const quoted = (one: unknown, inner: Inner): string => (typeof one === 'string' ? JSON.stringify(one) : inner(one))

function quotedAll(value: unknown, inner: Inner): string {
  if (!isRecord(value)) return quoted(value, inner)
  const [kind = ''] = Object.keys(value)
  const body = at(value, kind)
  if (!Array.isArray(body)) return inner(value)
  const list = (body as unknown[]).map((one) => quotedAll(one, inner))
  return kind === 'set' ? `{ ${list.join(', ')} }` : list.join('-')
}

/** Marks are printed with eight hexadecimal digits. */
export function hex(value: unknown, inner: Inner): string {
  if (typeof value === 'number') return `0x${value.toString(16).padStart(8, '0')}`
  if (!isRecord(value)) return inner(value)
  const [kind = ''] = Object.keys(value)
  const body = at(value, kind)
  if (!Array.isArray(body)) return inner(value)
  const list = (body as unknown[]).map((one) => hex(one, inner))
  if (kind === 'set') return `{ ${list.join(', ')} }`
  return list.join(kind === 'range' ? '-' : ` ${kind} `)
}

/** A mark of the packet, the connection or the socket, masked or not. */
export function isMark(left: unknown): boolean {
  if (!isRecord(left)) return false
  const [kind = ''] = Object.keys(left)
  const body = at(left, kind)
  if (Array.isArray(body)) return isMark(body[0])
  return ['meta', 'ct', 'socket'].includes(kind) && isRecord(body) && string(body, 'key') === 'mark'
}

/** Seconds as nft prints them: `1h30m`. */
export function duration(seconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['m', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ]
  const said = units.filter(([, count]) => count > 0).map(([unit, count]) => `${count}${unit}`)
  return said.length === 0 ? '0s' : said.join('')
}
