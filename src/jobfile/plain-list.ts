/** Lists, objects, and what `for` makes of others. Lines may end in them. */
import {
  after,
  around,
  blank,
  each,
  loop,
  mark,
  name,
  node,
  sign,
  skipped,
  sticky,
  type Read,
  type Scan,
} from './plain-scan.ts'
import { quoted } from './plain-template.ts'
import { word } from './plain-word.ts'
import type { Sketch } from './sketch.ts'

const key = sticky(`(?!for\\b)${name}`)
const assigned = sticky('[ \\t]*([=:])[ \\t]*')
const comma = sticky('[ \\t]*,')
const colon = sticky('[ \\t]*:[ \\t]*')
const arrow = sticky('[ \\t]*=>[ \\t]*')
const condition = sticky('[ \\t]+if[ \\t]+')

/** From its first bracket or brace to the last one. */
export function collection(scan: Scan, at: number, depth: number): Read {
  const { text } = scan
  if (text[at] === '[') {
    if (after(each, text, at + 1) !== undefined) return looped(scan, at, at + 1, 'tuple', depth)
    const found = listed(scan, at + 1, ']', depth)
    return found && collected('tuple', ['[', ']'], at, found)
  }
  const first = after(blank, text, at + 1) ?? at + 1
  if (after(each, text, first) !== undefined) return looped(scan, at, first, 'object', depth)
  const found = members(scan, at + 1, depth)
  return found && collected('object', ['{', '}'], at, found)
}

interface Listed {
  readonly inner: readonly Sketch[]
  /** Behind what closes it. */
  readonly end: number
}

function collected(type: string, [open, close]: readonly [string, string], at: number, { inner, end }: Listed): Sketch {
  const [start, stop] = [mark(`${type}_start`, open, at), mark(`${type}_end`, close, end - 1)]
  return around('collection_value', [node(type, at, end, [start, ...inner, stop])])
}

/** Values with commas between them, and comments. */
export function listed(scan: Scan, from: number, close: string, depth: number): Listed | undefined {
  const { text } = scan
  const inner: Sketch[] = []
  let at = skipped(scan, from, inner)
  while (text[at] !== close) {
    const value = scan.value(scan, at, depth + 1)
    if (!value) return undefined
    inner.push(value)
    at = skipped(scan, value.end, inner)
    if (text[at] === ',') {
      inner.push(sign(',', at))
      at = skipped(scan, at + 1, inner)
    } else if (text[at] !== close) return undefined
  }
  return { inner, end: at + 1 }
}

/** They end with a comma or with the line. */
function members(scan: Scan, from: number, depth: number): Listed | undefined {
  const { text } = scan
  const inner: Sketch[] = []
  let at = skipped(scan, from, inner)
  while (text[at] !== '}') {
    const found = member(scan, at, depth)
    if (!found) return undefined
    inner.push(found)
    const ended = after(comma, text, found.end)
    if (ended !== undefined) inner.push(sign(',', ended - 1))
    at = skipped(scan, ended ?? found.end, inner)
    if (ended === undefined && text[at] !== '}' && !text.slice(found.end, at).includes('\n')) return undefined
  }
  return { inner, end: at + 1 }
}

function member(scan: Scan, at: number, depth: number): Read {
  const { text } = scan
  const named = text[at] === '"' ? quoted(scan, at, depth) : bare(text, at)
  if (!named) return undefined
  assigned.lastIndex = named.end
  const is = assigned.exec(text)?.[1]
  const value = is === undefined ? undefined : scan.value(scan, assigned.lastIndex, depth + 1)
  if (is === undefined || !value) return undefined
  return around('object_elem', [around('expression', [named]), sign(is, text.indexOf(is, named.end)), value])
}

function bare(text: string, at: number): Read {
  const end = after(key, text, at)
  return end === undefined ? undefined : word(text, at, end)
}

/** `for` in brackets or braces; `first`: where the word itself stands. */
function looped(scan: Scan, at: number, first: number, type: 'tuple' | 'object', depth: number): Read {
  const { text } = scan
  const of = (pattern: RegExp, from: number) => {
    const begins = after(pattern, text, from)
    return begins === undefined ? undefined : scan.value(scan, begins, depth + 1)
  }
  const all = of(each, first)
  const made = all && of(colon, all.end)
  const other = made && type === 'object' ? of(arrow, made.end) : undefined
  if (!all || !made || (type === 'object' && !other)) return undefined
  const head = [...loop(text, first, all.at), all, sign(':', text.indexOf(':', all.end))]
  const inner = [around('for_intro', head), made]
  if (other) inner.push(sign('=>', text.indexOf('=>', made.end)), other)
  const last = (other ?? made).end
  if (after(condition, text, last) !== undefined) {
    const test = of(condition, last)
    if (!test) return undefined
    inner.push(around('for_cond', [sign('if', text.indexOf('if', last)), test]))
  }
  const end = skipped(scan, inner.at(-1)?.end ?? last, inner)
  const [open, close] = type === 'tuple' ? (['[', ']'] as const) : (['{', '}'] as const)
  if (text[end] !== close) return undefined
  const parts = [mark(`${type}_start`, open, at), ...inner, mark(`${type}_end`, close, end)]
  return around('for_expr', [around(`for_${type}_expr`, parts)])
}
