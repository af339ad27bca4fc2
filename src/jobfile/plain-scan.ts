/** The words in which a plain text is read, and what is noted of them. */
import type { Sketch } from './sketch.ts'

/** The place behind what was read; undefined: not plain. */
export type End = number | undefined
/** What was read; undefined: not plain. */
export type Read = Sketch | undefined

/** A text while it is read. */
export interface Scan {
  readonly text: string
  /** The reader of values, for whatever holds some. */
  readonly value: (scan: Scan, at: number, depth: number) => Read
  /** Whether the grammar of tree-sitter is known to see all of it as it is sketched. */
  alike: boolean
}

/** HCL itself would give up on what is nested a few thousand deep. */
export const depths = 100

export const name = '[A-Za-z_][A-Za-z0-9_-]*'
/** Any character but those that end or change a text. */
export const harmless = String.raw`[^\0-\x08\x0B-\x1F\x7F\n\uFEFF$%]`
export const comment = `(?:#|//)(?:${harmless}|[$%])*`

/** A character that stands for itself; `$${` and `%%{` stand for what they show. */
export const literal = `(?:${harmless}|(?<!\\$)\\$\\$\\{|\\$(?!\\$*\\{)|(?<!%)%%\\{|%(?!%*\\{))`

export const sticky = (source: string): RegExp => new RegExp(source, 'y')
export const blank = sticky('[ \\t]*')
export const lines = sticky(`(?:[ \\t]*(?:${comment})?\\n)*[ \\t]*`)

/** The head of a `for`. */
export const each = sticky(`for[ \\t]+${name}(?:[ \\t]*,[ \\t]*${name})?[ \\t]+in[ \\t]+`)

export function after(pattern: RegExp, text: string, at: number): End {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

export const node = (type: string, at: number, end: number, inner?: readonly Sketch[]): Sketch =>
  inner ? { type, at, end, inner } : { type, at, end }
/** A sign, or a word that is its own type. */
export const sign = (type: string, at: number): Sketch => node(type, at, at + type.length)
/** A node that has a sign in it and a name of its own. */
export const mark = (type: string, of: string, at: number): Sketch => node(type, at, at + of.length, [sign(of, at)])

/** A node around others. */
export function around(type: string, inner: readonly Sketch[]): Sketch {
  const [first, last] = [inner[0], inner.at(-1)]
  return node(type, first?.at ?? 0, last?.end ?? 0, inner)
}

const isOther = ({ type }: Sketch): boolean => type !== 'comment'
/** The same where comments may stand before the first and behind the last: they stay outside. */
export function within(type: string, inner: readonly Sketch[]): readonly Sketch[] {
  const [first, last] = [inner.findIndex(isOther), inner.findLastIndex(isOther)]
  return first < 0
    ? inner
    : [...inner.slice(0, first), around(type, inner.slice(first, last + 1)), ...inner.slice(last + 1)]
}

/** Notes the comments among blanks and line breaks; gives the end of these. */
export function noted(text: string, from: number, to: number, into: Sketch[]): number {
  for (let at = from; at < to; at++) {
    if (text[at] !== '#' && text[at] !== '/') continue
    const line = text.indexOf('\n', at)
    const end = line < 0 ? text.length : line
    into.push(node('comment', at, end))
    at = end
  }
  return to
}
/** Over empty lines and comments, to the next that is neither. */
export const skipped = ({ text }: Scan, from: number, into: Sketch[]): number =>
  noted(text, from, after(lines, text, from) ?? from, into)

const word = /[A-Za-z_][A-Za-z0-9_-]*|,/g
/** `for`, its names and `in`, of a head that was recognised. */
export function loop(text: string, from: number, to: number): readonly Sketch[] {
  const found = [...text.slice(from, to).matchAll(word)]
  return found.map(({ index, 0: said }, i) => {
    const type = said === ',' || i === 0 || i === found.length - 1 ? said : 'identifier'
    return node(type, from + index, from + index + said.length)
  })
}
