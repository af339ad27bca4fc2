/** Readers of JSON from outside: a wrong shape throws `Shape` with the place, never a silent undefined. */
import { Shape } from './probe.ts'

export type Json = Readonly<Record<string, unknown>>

export function object(value: unknown, where = 'reply'): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Shape(`${where} is not an object`)
  return value as Json
}
/** An array; null counts as empty, as Go writes it. */
export function array(value: unknown, where = 'reply'): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new Shape(`${where} is not a list`)
  return value
}
/** A map; null counts as empty, as Go writes it. */
export const map = (value: unknown, where = 'reply'): Json =>
  value === null || value === undefined ? {} : object(value, where)

export function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new Shape(`${where} is not a text`)
  return value
}
export const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)
export function number(value: unknown, where: string): number {
  if (typeof value !== 'number') throw new Shape(`${where} is not a number`)
  return value
}
export const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise)
export const texts = (value: unknown, where = 'list'): readonly string[] =>
  array(value, where).map((one, i) => text(one, `${where}[${i}]`))

/** A map whose values are texts; other values are turned into their JSON. */
export const textMap = (value: unknown, where = 'map'): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(map(value, where)).map(([key, one]) => [key, typeof one === 'string' ? one : JSON.stringify(one)]),
  )
