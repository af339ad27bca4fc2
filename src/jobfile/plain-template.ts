/** Templates that HCL is sure to accept: texts and heredocs, with sequences and directives each on one line. */
import {
  after,
  around,
  blank,
  each,
  literal,
  loop,
  mark,
  node,
  sign,
  sticky,
  type End,
  type Read,
  type Scan,
} from './plain-scan.ts'
import type { Sketch } from './sketch.ts'

const quotedText = sticky(`(?:(?!["\\\\])${literal}|\\\\["\\\\nrt])*`)
const plainText = sticky(`${literal}*`)
const opening = sticky('<<-?([A-Za-z_][A-Za-z0-9_]*)\\n')
const inserted = sticky('\\$\\{~?[ \\t]*')
const directive = sticky('%\\{~?[ \\t]*')
const closed = sticky('[ \\t]*~?\\}')
const asks = sticky('if[ \\t]+')
const word = sticky('(?:else|endif|endfor)(?=[ \\t]*~?\\})')

/** The grammar keeps account of open templates in little room. */
const deepest = 25
const longestMark = 100

/** A template and, while it is read, its directives that are not ended yet. */
interface Open {
  told: 'if' | 'else' | 'for' | undefined
  readonly inner: Sketch[]
  /** Where the text begins that is not noted yet. */
  from: number
}

/** A text that has nothing in it but itself. */
export const label = (text: string, at: number, end: number): Sketch =>
  node('string_lit', at, end, [
    node('quoted_template_start', at, at + 1),
    ...said(text, at + 1, end - 1),
    node('quoted_template_end', end - 1, end),
  ])

/** From one quote to the other. */
export function quoted(scan: Scan, at: number, depth: number): Read {
  const { text } = scan
  const end = after(quotedText, text, at + 1) ?? at + 1
  if (text[end] === '"') return around('literal_value', [label(text, at, end + 1)])
  if (depth > deepest) scan.alike = false
  const whole: Open = { told: undefined, inner: [], from: at + 1 }
  const open = [whole]
  const last = parts(scan, end, quotedText, depth, open)
  if (last === undefined || open.length > 1 || text[last] !== '"') return undefined
  note(text, whole, last)
  const [start, stop] = [node('quoted_template_start', at, at + 1), node('quoted_template_end', last, last + 1)]
  return around('template_expr', [around('quoted_template', [start, ...whole.inner, stop])])
}

/** Its end is the line with its mark; what follows the mark belongs to the attribute. */
export function heredoc(scan: Scan, from: number): Read {
  const { text } = scan
  opening.lastIndex = from
  const name = opening.exec(text)?.[1]
  if (name === undefined) return undefined
  if (name.length > longestMark) scan.alike = false
  const begins = opening.lastIndex
  const whole: Open = { told: undefined, inner: [], from: begins }
  const open = [whole]
  for (let at = begins; ;) {
    const first = after(blank, text, at) ?? at
    if (text.startsWith(name, first)) {
      const end = first + name.length
      if (text[end] !== '\n' || open.length > 1) return undefined
      note(text, whole, first)
      const named = begins - 1 - name.length
      const start = [
        mark('heredoc_start', text.slice(from, named), from),
        node('heredoc_identifier', named, begins - 1),
      ]
      const inner = [...start, ...whole.inner, node('heredoc_identifier', first, end)]
      return around('expression', [around('template_expr', [around('heredoc_template', inner)])])
    }
    const end = parts(scan, at, plainText, 0, open)
    if (end === undefined || text[end] !== '\n') return undefined
    at = end + 1
  }
}

/** White space at the ends of a text is none of it, in the grammar. Source: `scanner.c` there, `iswspace` of musl. */
function said(text: string, from: number, to: number): readonly Sketch[] {
  let [at, end] = [from, to]
  while (at < end && space.test(text[at] ?? '')) at++
  while (end > at && space.test(text[end - 1] ?? '')) end--
  return at === end ? [] : [node('template_literal', at, end)]
}
const space = /[\t-\r \u0085\u2000-\u2006\u2008-\u200A\u2028\u2029\u205F\u3000]/

function note(text: string, open: Open, to: number): void {
  if (to > open.from) open.inner.push(...said(text, open.from, to))
}

/** Literals and sequences as far as there are any; each sequence on one line, directives ending later perhaps. */
function parts(scan: Scan, from: number, literals: RegExp, depth: number, open: Open[]): End {
  const { text } = scan
  let at = from
  for (;;) {
    at = after(literals, text, at) ?? at
    const begins = after(inserted, text, at)
    const told = begins === undefined ? after(directive, text, at) : undefined
    if (begins === undefined && told === undefined) return at
    const last = open.at(-1)
    if (last) note(text, last, at)
    const end =
      begins === undefined ? toldAt(scan, at, told ?? at, depth, open) : insertedAt(scan, at, begins, depth, last)
    if (end === undefined) return undefined
    at = end
  }
}

function insertedAt(scan: Scan, at: number, from: number, depth: number, into: Open | undefined): End {
  const value = scan.value(scan, from, depth + 1)
  const end = value && after(closed, scan.text, value.end)
  if (!value || end === undefined || !into) return undefined
  into.inner.push(sequence(scan.text, 'template_interpolation', [value], at, end))
  into.from = end
  return end
}

/** The marks around a sequence, strip markers with them. */
function sequence(text: string, type: string, inner: readonly Sketch[], at: number, end: number): Sketch {
  const marks = type === 'template_interpolation' ? type : 'template_directive'
  const strip = (place: number) => (text[place] === '~' ? [node('strip_marker', place, place + 1)] : [])
  return node(type, at, end, [
    node(`${marks}_start`, at, at + 2),
    ...strip(at + 2),
    ...inner,
    ...strip(end - 2),
    node(`${marks}_end`, end - 1, end),
  ])
}

function toldAt(scan: Scan, at: number, from: number, depth: number, open: Open[]): End {
  const { text } = scan
  const asked = after(asks, text, from)
  const begins = asked ?? after(each, text, from)
  if (begins !== undefined) {
    const value = scan.value(scan, begins, depth + 1)
    const end = value && after(closed, text, value.end)
    if (!value || end === undefined) return undefined
    const told = asked === undefined ? 'for' : 'if'
    const head = told === 'if' ? [sign('if', from)] : loop(text, from, begins)
    const type = told === 'if' ? 'template_if_intro' : 'template_for_start'
    open.push({ told, inner: [sequence(text, type, [...head, value], at, end)], from: end })
    return end
  }
  const ended = after(word, text, from)
  const end = ended === undefined ? undefined : after(closed, text, ended)
  const last = open.at(-1)
  if (ended === undefined || end === undefined || !last) return undefined
  const told = text.slice(from, ended)
  const whole = last.told === 'for' ? 'for' : 'if'
  if (told === 'else' ? last.told !== 'if' : last.told === undefined || told !== `end${whole}`) return undefined
  const type = told === 'else' ? 'template_else_intro' : `template_${whole}_end`
  last.inner.push(sequence(text, type, [sign(told, from)], at, end))
  last.from = end
  if (told === 'else') last.told = 'else'
  else {
    open.pop()
    const outer = open.at(-1)
    outer?.inner.push(around('template_directive', [around(`template_${whole}`, last.inner)]))
    if (outer) outer.from = end
  }
  return end
}
