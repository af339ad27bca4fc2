import { at, isRecord, string } from './json.ts'
import type { Json } from './json.ts'

/** One expression of nft's JSON for the eye; what has no short form is printed as its keys and values. */
export function expressionText(expression: unknown): string {
  if (!isRecord(expression)) return valueText(expression, 0)
  const [kind = ''] = Object.keys(expression)
  const body = at(expression, kind)
  if (body === null) return kind
  if (!isRecord(body)) return `${kind} ${valueText(body, 0)}`
  switch (kind) {
    case 'match':
      return matchText(body)
    case 'counter':
      return 'counter'
    case 'jump':
    case 'goto':
      return `${kind} ${string(body, 'target') ?? '?'}`
    case 'xt':
      return `xt ${string(body, 'type') ?? ''} ${string(body, 'name') ?? '?'}`
    case 'reject':
      return `reject with ${joined(string(body, 'type') ?? '', valueText(at(body, 'expr'), 0))}`
    case 'mangle':
      return `${valueText(at(body, 'key'), 0)} set ${valueText(at(body, 'value'), 0)}`
    case 'vmap':
      return `${valueText(at(body, 'key'), 0)} vmap ${valueText(at(body, 'data'), 0)}`
    case 'dnat':
    case 'snat':
      return `${kind} to ${valueText(at(body, 'addr'), 0)}${portText(at(body, 'port'))}`
    case 'masquerade':
    case 'redirect':
      return joined(kind, portText(at(body, 'port')))
    default:
      return `${kind} ${valueText(body, 0)}`
  }
}

function matchText(body: Json): string {
  const op = string(body, 'op') ?? '=='
  return joined(valueText(at(body, 'left'), 0), op === '==' || op === 'in' ? '' : op, valueText(at(body, 'right'), 0))
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')

const portText = (port: unknown): string => (port === undefined ? '' : `:${valueText(port, 0)}`)

/** Deep nesting is cut off: no real ruleset nests that far, and a hostile one must not overflow the stack. */
function valueText(value: unknown, depth: number): string {
  if (depth > 8) return '…'
  const inner = (one: unknown): string => valueText(one, depth + 1)
  if (value === undefined) return ''
  if (Array.isArray(value)) return `{ ${(value as unknown[]).map(inner).join(', ')} }`
  if (!isRecord(value)) return typeof value === 'string' ? value : JSON.stringify(value)
  const [kind = '', ...more] = Object.keys(value)
  if (more.length > 0) return fieldsText(value, inner)
  const body = at(value, kind)
  if (kind === 'set' || kind === 'concat' || kind === 'range') {
    const list = (Array.isArray(body) ? (body as unknown[]) : [body]).map(inner)
    return kind === 'set' ? `{ ${list.join(', ')} }` : list.join(kind === 'range' ? '-' : ' . ')
  }
  if (['&', '|', '^', '<<', '>>'].includes(kind) && Array.isArray(body))
    return (body as unknown[]).map(inner).join(` ${kind} `)
  if (!isRecord(body)) return body === null ? kind : `${kind} ${inner(body)}`
  switch (kind) {
    case 'meta':
    case 'ct':
      return `${kind} ${string(body, 'key') ?? '?'}`
    case 'payload':
      return `${string(body, 'protocol') ?? inner(at(body, 'base'))} ${string(body, 'field') ?? inner(at(body, 'offset'))}`
    case 'prefix':
      return `${inner(at(body, 'addr'))}/${inner(at(body, 'len'))}`
    case 'jump':
    case 'goto':
      return `${kind} ${string(body, 'target') ?? '?'}`
    case 'elem':
      return inner(at(body, 'val'))
    default:
      return `${kind} ${fieldsText(body, inner)}`
  }
}

const fieldsText = (value: Json, inner: (one: unknown) => string): string =>
  Object.entries(value)
    .map(([key, one]) => `${key} ${inner(one)}`)
    .join(' ')
