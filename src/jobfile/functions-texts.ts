import { posix } from 'node:path'
import { largest, tooMuch } from './effort.ts'
import type { Func } from './functions.ts'
import { triesOf } from './tries.ts'
import { asNumber, asText, fromPlain, isList, NotEvaluable, plain, type Value } from './value.ts'

/** An argument of the right kind; the caller turns what is thrown into a part that is not evaluable. */
export function text(value: Value | undefined): string {
  const found = asText(value ?? null)
  if (found instanceof NotEvaluable) throw new Error(found.why)
  return found
}
export function number(value: Value | undefined): number {
  const found = asNumber(value ?? null)
  if (found instanceof NotEvaluable) throw new Error(found.why)
  return found
}
export function list(value: Value | undefined): readonly Value[] {
  if (!isList(value)) throw new Error('a list is required')
  return value
}

/** Pieces put together, unless that is more than anybody writes. */
function joined(pieces: readonly string[], between: string): string | NotEvaluable {
  const length = pieces.reduce((all, one) => all + one.length + between.length, 0)
  return length > largest ? tooMuch : pieces.join(between)
}

/** Go's expressions are nearly ours: named groups are spelt differently. */
const expression = (source: string): RegExp => {
  const insensitive = source.startsWith('(?i)')
  const body = (insensitive ? source.slice(4) : source).replaceAll('(?P<', '(?<')
  return new RegExp(body, `gu${insensitive ? 'i' : ''}`)
}
/** Go's take time as the text is long; ours try all ways in which alternatives and repetitions can share it. */
const most = 1e8
function replaced(of: string, source: string, by: string): string | NotEvaluable {
  return triesOf(source, of.length) > most || of.length * (by.length + 1) > most
    ? tooMuch
    : of.replace(expression(source), by)
}

export const texts: Readonly<Record<string, Func>> = {
  upper: (of) => text(of).toUpperCase(),
  lower: (of) => text(of).toLowerCase(),
  title: (of) => text(of).replaceAll(/(^|\s)\p{L}/gu, (first) => first.toUpperCase()),
  trimspace: (of) => text(of).trim(),
  trim: (of, set) => trimmed(trimmed(text(of), text(set), true), text(set), false),
  trimprefix: (of, prefix) => (text(of).startsWith(text(prefix)) ? text(of).slice(text(prefix).length) : text(of)),
  trimsuffix: (of, suffix) =>
    text(suffix) !== '' && text(of).endsWith(text(suffix)) ? text(of).slice(0, -text(suffix).length) : text(of),
  chomp: (of) => text(of).replace(/(\r?\n)+$/, ''),
  indent: (spaces, of) => joined(text(of).split('\n'), `\n${' '.repeat(Math.min(number(spaces), 1000))}`),
  join: (separator, ...lists) => joined(lists.flatMap((one) => list(one)).map(text), text(separator)),
  split: (separator, of) => text(of).split(text(separator)),
  replace: (of, what, by) => {
    const wanted = text(what)
    const asExpression = wanted.length > 1 && wanted.startsWith('/') && wanted.endsWith('/')
    if (asExpression) return replaced(text(of), wanted.slice(1, -1), text(by))
    return wanted === '' ? text(of).replaceAll('', () => text(by)) : joined(text(of).split(wanted), text(by))
  },
  regex_replace: (of, what, by) => replaced(text(of), text(what), text(by).replaceAll(/\$\{(\w+)\}/g, '$$$1')),
  substr: (of, offset, length) => {
    const characters = Array.from(text(of))
    const from = number(offset) < 0 ? Math.max(0, characters.length + number(offset)) : number(offset)
    return characters.slice(from, number(length) < 0 ? undefined : from + number(length)).join('')
  },
  basename: (of) => {
    const path = text(of).replace(/\/+$/, '')
    return text(of) === '' ? '.' : path === '' ? '/' : path.slice(path.lastIndexOf('/') + 1)
  },
  dirname: (of) => {
    const path = text(of)
    const clean = posix.normalize(path.slice(0, path.lastIndexOf('/') + 1))
    return clean.length > 1 ? clean.replace(/\/$/, '') : clean
  },
  strlen: (of) => Array.from(text(of)).length,
  strrev: (of) => Array.from(text(of)).toReversed().join(''),
  format: (pattern, ...args) => format(text(pattern), args),
  formatlist: (pattern, ...args) => {
    const turns = Math.max(...args.map((arg) => (isList(arg) ? arg.length : 1)), 0)
    if (turns * text(pattern).length > largest) return tooMuch
    return Array.from({ length: turns }, (_, i) =>
      format(
        text(pattern),
        args.map((arg) => (isList(arg) ? (arg[i] ?? null) : arg)),
      ),
    )
  },
  // As Go writes JSON: safe within HTML.
  jsonencode: (of) =>
    JSON.stringify(plain(of ?? null)).replaceAll(
      /[<>&\u2028\u2029]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  jsondecode: (of) => fromPlain(JSON.parse(text(of))),
  base64encode: (of) => Buffer.from(text(of)).toString('base64'),
  base64decode: (of) => new TextDecoder().decode(Uint8Array.from(atob(text(of)), (char) => char.charCodeAt(0))),
  urlencode: (of) => encodeURIComponent(text(of)).replaceAll('%20', '+'),
  convert: (of) => of ?? null,
}

function trimmed(of: string, set: string, start: boolean): string {
  const marks = new Set(set.split(''))
  const inside = of.split('').map((character) => !marks.has(character))
  const at = start ? inside.indexOf(true) : inside.lastIndexOf(true)
  if (at < 0) return ''
  return start ? of.slice(at) : of.slice(0, at + 1)
}

/** The verbs of Go that job files use: %s %d %v %q %f %t %05d %-8s %.2f %%. */
function format(pattern: string, args: readonly Value[]): string {
  let next = 0
  return pattern.replaceAll(
    /%(%|([-0+ ]*)(\d{0,3})(?:\.(\d{1,2}))?([sdvqftxX]))/g,
    (...found: (string | undefined)[]) => {
      const [, verb = '', flags = '', width = '', digits, kind = ''] = found
      if (verb === '%') return '%'
      const arg = args[next++] ?? null
      const body =
        kind === 'd'
          ? String(Math.trunc(number(arg)))
          : kind === 'x' || kind === 'X'
            ? number(arg).toString(16)
            : kind === 'f'
              ? number(arg).toFixed(digits === undefined ? 6 : Number(digits))
              : kind === 'q'
                ? JSON.stringify(text(arg))
                : isList(arg) || typeof arg === 'object'
                  ? JSON.stringify(plain(arg))
                  : text(arg)
      const wide = Number(width)
      if (flags.includes('-')) return body.padEnd(wide)
      return flags.includes('0') && kind !== 's' ? body.padStart(wide, '0') : body.padStart(wide)
    },
  )
}
