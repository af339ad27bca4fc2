import { at, isRecord, number, string } from './json.ts'
import type { Json } from './json.ts'
import { duration, hex, isMark, matchText, operators, valueText } from './nft-value.ts'

export type Inner = (expression: unknown) => string
type Printer = (body: Json, inner: Inner) => string

/**
 * One expression of nft's JSON (libnftables-json(5)) as `nft list ruleset` prints it, save that a counter stands without
 * its numbers and `reject` always says with what; a kind without a form here is printed as its keys and values.
 */
export function expressionText(expression: unknown): string {
  return text(expression, 0)
}

/** Deep nesting is cut off: no real ruleset nests that far, and a hostile one must not overflow the stack. */
function text(expression: unknown, depth: number): string {
  if (depth > 12) return '…'
  const inner: Inner = (one) => text(one, depth + 1)
  if (expression === undefined) return ''
  if (Array.isArray(expression)) return (expression as unknown[]).map(inner).join(',')
  if (!isRecord(expression)) return typeof expression === 'string' ? expression : JSON.stringify(expression)
  const [kind = '', ...more] = Object.keys(expression)
  if (more.length > 0) return fields(expression, inner)
  const body = at(expression, kind)
  if (body === null || kind === 'counter') return kind
  if (Array.isArray(body)) return listText(kind, body as unknown[], inner)
  if (!isRecord(body)) return words(kind, inner(body))
  return (printers[kind] ?? ((own: Json) => words(kind, fields(own, inner))))(body, inner)
}

function listText(kind: string, list: readonly unknown[], inner: Inner): string {
  if (kind === 'set') return `{ ${list.map((one) => inner(one)).join(', ')} }`
  if (kind === 'concat') return list.map(inner).join(' . ')
  if (kind === 'range') return list.map(inner).join('-')
  if (!operators.has(kind)) return words(kind, list.map(inner).join(','))
  return list.map((one) => (isMark(list[0]) ? hex(one, inner) : inner(one))).join(` ${kind} `)
}

/** Words of a statement with one blank between them; what is empty leaves no trace. */
const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')
const fields = (value: Json, inner: Inner): string =>
  Object.entries(value)
    .map(([key, one]) => `${key} ${inner(one)}`)
    .join(' ')

/** Keys of meta that nft prints without the word. */
const devices = new Set(['iif', 'oif', 'iifname', 'oifname', 'iifgroup', 'oifgroup'])

const printers: Readonly<Record<string, Printer>> = {
  match: matchText,
  meta: (body) => {
    const key = string(body, 'key') ?? '?'
    return devices.has(key) ? key : `meta ${key}`
  },
  ct: (body) => words('ct', string(body, 'dir') ?? '', string(body, 'family') ?? '', string(body, 'key') ?? '?'),
  payload: (body, inner) =>
    string(body, 'protocol') === undefined
      ? `@${['base', 'offset', 'len'].map((key) => inner(at(body, key))).join(',')}`
      : words(inner(at(body, 'protocol')), inner(at(body, 'field'))),
  prefix: (body, inner) => `${inner(at(body, 'addr'))}/${inner(at(body, 'len'))}`,
  elem: (body, inner) => words(inner(at(body, 'val')), seconds(body, 'timeout')),
  fib: (body) => words('fib', [at(body, 'flags')].flat().join(' . '), string(body, 'result') ?? '?'),
  rt: (body) => words('rt', string(body, 'family') ?? '', string(body, 'key') ?? '?'),
  socket: (body) => words('socket', string(body, 'key') ?? '?'),
  osf: (body) => words('osf', string(body, 'key') ?? '?'),
  ipsec: (body) => words('ipsec', string(body, 'dir') ?? '', string(body, 'family') ?? '', string(body, 'key') ?? '?'),
  exthdr: (body) => words('exthdr', string(body, 'name') ?? '?', string(body, 'field') ?? ''),
  'tcp option': (body) => words('tcp option', string(body, 'name') ?? '?', string(body, 'field') ?? ''),
  'ct count': (body, inner) => words('ct count', over(body), inner(at(body, 'val'))),
  numgen: (body, inner) => words('numgen', inner(at(body, 'mode')), modulo(body)),
  jhash: (body, inner) => words('jhash', inner(at(body, 'expr')), modulo(body)),
  symhash: (body) => words('symhash', modulo(body)),
  jump: (body) => `jump ${string(body, 'target') ?? '?'}`,
  goto: (body) => `goto ${string(body, 'target') ?? '?'}`,
  xt: (body) => words('xt', string(body, 'type') ?? '', string(body, 'name') ?? '?'),
  reject: (body, inner) => words('reject with', string(body, 'type') ?? '', inner(at(body, 'expr'))),
  mangle: (body, inner) => {
    const key = at(body, 'key')
    const value = at(body, 'value')
    return words(inner(key), 'set', isMark(key) ? hex(value, inner) : inner(value))
  },
  vmap: (body, inner) => mapText('vmap', body, inner),
  map: (body, inner) => mapText('map', body, inner),
  set: (body, inner) =>
    words(
      inner(at(body, 'op')),
      inner(at(body, 'set')),
      `{ ${words(inner(at(body, 'elem')), [at(body, 'stmt') ?? []].flat().map(inner).join(' '))} }`,
    ),
  dnat: (body, inner) => natText('dnat', body, inner),
  snat: (body, inner) => natText('snat', body, inner),
  masquerade: (body, inner) => natText('masquerade', body, inner),
  redirect: (body, inner) => natText('redirect', body, inner),
  tproxy: (body, inner) => natText('tproxy', body, inner),
  limit: (body) => words('limit rate', over(body), rate(body), burst(body)),
  quota: (body, inner) => words('quota', over(body), inner(at(body, 'val')), inner(at(body, 'val_unit'))),
  log: (body) =>
    words(
      'log',
      ...Object.entries(body).map(([key, one]) => `${key} ${key === 'prefix' ? JSON.stringify(one) : text(one, 1)}`),
    ),
  queue: (body, inner) =>
    words(
      'queue',
      'flags' in body ? `flags ${inner(at(body, 'flags'))}` : '',
      'num' in body ? `to ${inner(at(body, 'num'))}` : '',
    ),
}

/** The keys of a map have the form nft has for what is looked up. */
function mapText(kind: string, body: Json, inner: Inner): string {
  const key = at(body, 'key')
  const data = at(body, 'data')
  const pairs = isRecord(data) ? at(data, 'set') : undefined
  if (!Array.isArray(pairs)) return words(inner(key), kind, inner(data))
  const list = (pairs as unknown[]).map((pair) =>
    Array.isArray(pair) ? `${valueText(key, pair[0], inner)} : ${inner(pair[1])}` : inner(pair),
  )
  return `${inner(key)} ${kind} { ${list.join(', ')} }`
}

function natText(kind: string, body: Json, inner: Inner): string {
  const address = at(body, 'addr')
  const port = at(body, 'port')
  const host = inner(address)
  const to = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${inner(port)}`
  return words(kind, string(body, 'family') ?? '', to === '' ? '' : `to ${to}`, inner(at(body, 'flags')))
}

const over = (body: Json): string => (at(body, 'inv') === true ? 'over' : '')
const modulo = (body: Json): string => {
  const seed = number(body, 'seed')
  const offset = number(body, 'offset') ?? 0
  return words(
    `mod ${number(body, 'mod') ?? '?'}`,
    seed === undefined ? '' : `seed 0x${seed.toString(16)}`,
    offset === 0 ? '' : `offset ${offset}`,
  )
}
const rate = (body: Json): string => {
  const unit = string(body, 'rate_unit')
  return `${number(body, 'rate') ?? '?'}${unit ? ` ${unit}` : ''}/${string(body, 'per') ?? '?'}`
}
/** What nft takes when nothing is said is not printed. */
const burst = (body: Json): string => {
  const size = number(body, 'burst') ?? 0
  const unit = string(body, 'burst_unit') ?? 'packets'
  return size === 0 || (size === 5 && unit === 'packets') ? '' : `burst ${size} ${unit}`
}
const seconds = (body: Json, key: string): string => {
  const value = number(body, key)
  return value === undefined ? '' : `${key} ${duration(value)}`
}
