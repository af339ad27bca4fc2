/** What expressions become. Objects and maps are one kind; their keys are read in order, as cty keeps them. */

/** A part that cannot be evaluated here. `error`: Nomad itself would refuse it; otherwise it lacks what only Nomad has. */
export class NotEvaluable {
  readonly why: string
  readonly error: boolean
  constructor(why: string, error = false) {
    this.why = why
    this.error = error
  }
}
export type Value = string | number | boolean | null | readonly Value[] | ValueMap | NotEvaluable
export interface ValueMap extends ReadonlyMap<string, Value> {}

export const isMap = (value: Value | undefined): value is ValueMap => value instanceof Map
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)
export const refuse = (why: string): NotEvaluable => new NotEvaluable(why, true)

export const mapOf = (entries: Iterable<readonly [string, Value]>): ValueMap =>
  new Map([...entries].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

/** The first part that is not evaluable, however deep. */
export function hole(value: Value): NotEvaluable | undefined {
  if (value instanceof NotEvaluable) return value
  const members = isList(value) ? value : isMap(value) ? [...value.values()] : []
  for (const member of members) {
    const found = hole(member)
    if (found) return found
  }
  return undefined
}

/** As HCL makes texts of values; lists and maps have none. */
export function asText(value: Value): string | NotEvaluable {
  if (value instanceof NotEvaluable) return value
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return refuse(value === null ? 'null has no text' : 'a list or a map has no text')
}
export function asNumber(value: Value): number | NotEvaluable {
  if (value instanceof NotEvaluable || typeof value === 'number') return value
  if (typeof value === 'string' && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value)) return Number(value)
  return refuse('a number is required')
}
export function asBool(value: Value): boolean | NotEvaluable {
  if (value instanceof NotEvaluable || typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  return refuse('a bool is required')
}

/** A value in one line, for keys and for what is said of it. */
export const spoken = (value: Value | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(plain(value ?? null))

export function equal(a: Value, b: Value): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((one, i) => equal(one, b[i] ?? null))
  if (isMap(a) && isMap(b))
    return a.size === b.size && [...a].every(([key, one]) => b.has(key) && equal(one, b.get(key) ?? null))
  return a === b
}

/** As JSON: for functions that print, and for the API. */
export function plain(value: Value): unknown {
  if (isList(value)) return value.map(plain)
  return isMap(value) ? Object.fromEntries([...value].map(([key, one]) => [key, plain(one)])) : value
}
export function fromPlain(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromPlain)
  if (typeof value === 'object' && value !== null)
    return mapOf(Object.entries(value).map(([key, one]) => [key, fromPlain(one)]))
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}
