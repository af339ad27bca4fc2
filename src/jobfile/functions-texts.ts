import { posix } from 'node:path'
import type { Func } from './functions.ts'
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

const longest = 1_000_000
/** Go's expressions are nearly ours: named groups are spelt differently. */
const expression = (source: string, flags: string): RegExp => {
  const insensitive = source.startsWith('(?i)')
  const body = (insensitive ? source.slice(4) : source).replaceAll('(?P<', '(?<')
  return new RegExp(body, `${flags}u${insensitive ? 'i' : ''}`)
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
  indent: (spaces, of) => text(of).replaceAll('\n', `\n${' '.repeat(Math.min(number(spaces), 1000))}`),
  join: (separator, ...lists) =>
    lists
      .flatMap((one) => list(one))
      .map(text)
      .join(text(separator)),
  split: (separator, of) => text(of).split(text(separator)),
  replace: (of, what, by) => {
    const wanted = text(what)
    const asExpression = wanted.length > 1 && wanted.startsWith('/') && wanted.endsWith('/')
    if (asExpression) return text(of).replace(expression(wanted.slice(1, -1), 'g'), text(by))
    return text(of).replaceAll(wanted, () => text(by))
  },
  regex_replace: (of, what, by) =>
    text(of).replace(expression(text(what), 'g'), text(by).replaceAll(/\$\{(\w+)\}/g, '$$$1')),
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
  base64encode: (of) => btoa(String.fromCharCode(...new TextEncoder().encode(text(of)))),
  base64decode: (of) => new TextDecoder().decode(Uint8Array.from(atob(text(of)), (char) => char.charCodeAt(0))),
  urlencode: (of) => encodeURIComponent(text(of)).replaceAll('%20', '+'),
  convert: (of) => of ?? null,
}

function trimmed(of: string, set: string, start: boolean): string {
  const inside = of.split('').map((character) => !set.includes(character))
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
      const wide = Math.min(Number(width), longest)
      if (flags.includes('-')) return body.padEnd(wide)
      return flags.includes('0') && kind !== 's' ? body.padStart(wide, '0') : body.padStart(wide)
    },
  )
}
