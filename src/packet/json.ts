import { parsed, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

export type Json = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function parseJson(text: string): Parsed<unknown> {
  if (text.trim() === '') return unreadable('the output is empty where JSON was expected')
  try {
    return parsed(JSON.parse(text) as unknown)
  } catch {
    return unreadable('the output is not complete JSON')
  }
}

/** `each` gives the entry's value, or a text saying what is missing. Empty entries (iproute2 prints `{}`) are left out. */
export function parseRecords<T extends object>(text: string, each: (record: Json) => T | string): Parsed<readonly T[]> {
  const json = parseJson(text)
  if (!json.ok) return json
  if (!Array.isArray(json.value)) return unreadable('the output is not a JSON list')
  const values: T[] = []
  for (const [index, record] of (json.value as unknown[]).entries()) {
    if (!isRecord(record)) return unreadable(`entry ${index + 1} is not an object`)
    if (Object.keys(record).length === 0) continue
    const value = each(record)
    if (typeof value === 'string') return unreadable(`entry ${index + 1}: ${value}`)
    values.push(value)
  }
  return parsed(values)
}

export const has = (record: Json, key: string): boolean => Object.hasOwn(record, key)

export function at(record: Json, key: string): unknown {
  return has(record, key) ? record[key] : undefined
}

export function string(record: Json, key: string): string | undefined {
  const value = at(record, key)
  return typeof value === 'string' ? value : undefined
}

export function number(record: Json, key: string): number | undefined {
  const value = at(record, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** true and false, also printed as 1 and 0 by some commands. */
export function boolean(record: Json, key: string): boolean | undefined {
  const value = at(record, key)
  return value === true || value === 1 ? true : value === false || value === 0 ? false : undefined
}

export function record(parent: Json, key: string): Json | undefined {
  const value = at(parent, key)
  return isRecord(value) ? value : undefined
}

export function records(parent: Json, key: string): readonly Json[] {
  const value = at(parent, key)
  return Array.isArray(value) ? (value as unknown[]).filter(isRecord).filter((one) => Object.keys(one).length > 0) : []
}

export function strings(parent: Json, key: string): readonly string[] {
  const value = at(parent, key)
  return Array.isArray(value) ? (value as unknown[]).filter((one) => typeof one === 'string') : []
}

/** Keys that are flags: iproute2 prints `"dynamic": true` or `"proxy": null`. */
export const marked = (of: Json): readonly string[] =>
  Object.keys(of).filter((key) => of[key] === true || of[key] === null)
