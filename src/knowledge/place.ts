import { placesOf } from '../embedded-text.ts'
import { asWritten } from './delimiters.ts'

/** Where in a file a block of a job stands: carried by the very objects that facts are made of. */

export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
}
export interface Place {
  readonly block: Location
  /** Its header as written: `port "http"`. */
  readonly title: string
  /** Attributes by their name in the file, with their text. */
  readonly attrs: Readonly<Record<string, Location & { readonly text: string }>>
}

/**
 * What a fault points at: a block it was given (a port, a service, a task), an attribute of it as the job file spells it,
 * and a text inside that attribute, right behind another one where it stands there more than once. Without positions
 * (a job read from a cluster) it points nowhere.
 */
export type At = object | readonly [block: object, attribute: string, text?: string, behind?: string]

const place = Symbol('place')

export function setPlace(block: object, where: Place): void {
  Object.defineProperty(block, place, { value: where, configurable: true })
}
export const placeOf = (block: object | undefined): Place | undefined =>
  block === undefined ? undefined : (block as { readonly [place]?: Place })[place]

export function locationOf(at: At): Location | undefined {
  if (!Array.isArray(at)) return placeOf(at)?.block
  const [block, attribute, text, behind] = at as unknown as readonly [object | undefined, string, string?, string?]
  const found = placeOf(block)
  const attr = found?.attrs[attribute]
  if (!attr) return found?.block
  const { file, line, column, endLine, endColumn } = attr
  const whole = { file, line, column, ...(endLine && endColumn ? { endLine, endColumn } : {}) }
  if (text === undefined || !block) return whole
  return inside(attr, asWritten(block, text), asWritten(block, behind)) ?? whole
}

/** The line of a long attribute on which a text stands. */
function inside(attr: Location & { readonly text: string }, text: string, behind = ''): Location | undefined {
  const at = placesOf(attr.text, text, behind)[0] ?? attr.text.indexOf(text)
  if (at < 0 || text === '') return undefined
  const before = attr.text.slice(0, at).split('\n')
  const line = attr.line + before.length - 1
  const column = (before.length === 1 ? attr.column : 1) + (before.at(-1)?.length ?? 0)
  const [first = ''] = text.split('\n')
  return { file: attr.file, line, column, endLine: line, endColumn: column + first.length }
}
