/** Terms of values: numbers, references, calls, texts, lists, objects, what is in parentheses or negated. */
import { collection, listed } from './plain-list.ts'
import { after, around, blank, depths, name, node, sign, sticky, within, type Scan } from './plain-scan.ts'
import { quoted } from './plain-template.ts'
import { word } from './plain-word.ts'
import type { Sketch } from './sketch.ts'

const number = sticky('-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?![\\w.-])')
const reference = sticky(`(?!for\\b)${name}(?:\\.${name})*(?![\\w.-])`)
const attribute = sticky(`(?:\\.${name})+(?![\\w.-])`)
const unary = sticky('[!-][ \\t]*')

type Terms = readonly Sketch[] | undefined

/** Its nodes: a term itself has none. */
export function term(scan: Scan, from: number, depth: number): Terms {
  if (depth >= depths) return undefined
  const { text } = scan
  const first = text[from]
  if (first === '"') return one(quoted(scan, from, depth))
  if (first !== '!' && first !== '-') return unsigned(scan, from, depth)
  const digits = after(number, text, from)
  const at = digits === undefined ? (after(unary, text, from) ?? from) : from + 1
  const of = digits === undefined ? unsignedOrNumber(scan, at, depth) : [numeric(at, digits)]
  return of && negated(sign(first, from), of)
}

const one = (found: Sketch | undefined): Terms => found && [found]
const numeric = (at: number, end: number): Sketch => around('literal_value', [node('numeric_lit', at, end)])
const negated = (by: Sketch, of: readonly Sketch[]): readonly Sketch[] => [
  around('operation', [around('unary_operation', [by, ...of])]),
]

/** Behind a sign only a number may have another one. */
function unsignedOrNumber(scan: Scan, at: number, depth: number): Terms {
  const digits = scan.text[at] === '-' ? after(number, scan.text, at) : undefined
  return digits === undefined ? unsigned(scan, at, depth) : negated(sign('-', at), [numeric(at + 1, digits)])
}

function unsigned(scan: Scan, at: number, depth: number): Terms {
  const { text } = scan
  const first = text[at]
  if (first === '"') return one(quoted(scan, at, depth))
  if (first === '[' || first === '{') return one(collection(scan, at, depth))
  if (first === '(') {
    const inside = scan.value(scan, after(blank, text, at + 1) ?? at, depth + 1)
    const close = inside && after(blank, text, inside.end)
    if (!inside || close === undefined || text[close] !== ')') return undefined
    return further(scan, [sign('(', at), inside, sign(')', close)], depth)
  }
  const digits = after(number, text, at)
  if (digits !== undefined) return [numeric(at, digits)]
  const named = after(reference, text, at)
  if (named === undefined) return undefined
  if (text[named] === '(') return called(scan, at, named, depth)
  const [said = ''] = text.slice(at, named).split('.', 1)
  const end = at + said.length
  return further(scan, [word(text, at, end), ...attributes(text, end, named)], depth)
}

function called(scan: Scan, at: number, named: number, depth: number): Terms {
  const said = scan.text.slice(at, named)
  if (said.includes('.')) return undefined
  if (/^(?:true|false|null)$/.test(said)) scan.alike = false
  const found = listed(scan, named + 1, ')', depth)
  if (!found) return undefined
  const parts = [sign('(', named), ...within('function_arguments', found.inner), sign(')', found.end - 1)]
  return further(scan, [around('function_call', [node('identifier', at, named), ...parts])], depth)
}

/** `.a.b` */
function attributes(text: string, from: number, to: number): readonly Sketch[] {
  let at = from
  const [, ...names] = text.slice(from, to).split('.')
  return names.map((name) => {
    const dot = at
    at += 1 + name.length
    return around('get_attr', [sign('.', dot), node('identifier', dot + 1, at)])
  })
}

/** Attributes and indexes behind a term. */
function further(scan: Scan, of: readonly Sketch[], depth: number): Terms {
  const { text } = scan
  const found = [...of]
  for (;;) {
    const at = found.at(-1)?.end ?? 0
    const end = text[at] === '.' ? after(attribute, text, at) : undefined
    if (end !== undefined) for (const one of attributes(text, at, end)) found.push(one)
    else if (text[at] !== '[') return found
    else {
      const inside = scan.value(scan, at + 1, depth + 1)
      if (!inside || text[inside.end] !== ']') return undefined
      const parts = [sign('[', at), inside, sign(']', inside.end)]
      found.push(around('index', [around('new_index', parts)]))
    }
  }
}
