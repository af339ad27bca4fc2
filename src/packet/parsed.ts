/**
 * What a parser hands back: the value, or why the text could not be read. `line` counts from 1.
 * Parsers never throw and never return half of a value as if it were whole.
 */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly line?: number }

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value })

export const unreadable = (why: string, line?: number): Parsed<never> =>
  line === undefined ? { ok: false, why } : { ok: false, why, line }

/** A shape whose optional fields may be spelled out as undefined. */
type Loose<T> = { [K in keyof T]: {} extends Pick<T, K> ? T[K] | undefined : T[K] }

/** The same object without the fields that are undefined: an optional field is absent, never undefined. */
export function present<T extends object>(fields: Loose<T>): T {
  const kept: Partial<Loose<T>> = {}
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key]
  return kept as T
}

/** A decimal number as tools print it, or undefined. */
export const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined

/** An unsigned 32-bit value, decimal or `0x…` (packet marks and their masks), or undefined. */
export function mark32(text: string | undefined): number | undefined {
  if (text === undefined || !/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return undefined
  const value = Number(text)
  return value <= 0xffffffff ? value : undefined
}
