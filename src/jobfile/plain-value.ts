/** Values that HCL is sure to accept: texts, numbers, references, calls, lists, objects, operators, `for`. */
import { after, blank, depths, each, lines, literal, name, sticky, type End } from './plain-scan.ts'

const number = sticky('-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?![\\w.-])')
const reference = sticky(`(?!for\\b)${name}(?:\\.${name})*(?![\\w.-])`)
const attribute = sticky(`(?:\\.${name})+(?![\\w.-])`)
const key = sticky(`(?!for\\b)${name}`)
const assigned = sticky('[ \\t]*[=:][ \\t]*')
const comma = sticky('[ \\t]*,')
const operator = sticky('[ \\t]*(?:\\|\\||&&|==|!=|<=|>=|<(?!<)|[>+*%-]|/(?![/*]))[ \\t]*')
const unary = sticky('[!-][ \\t]*')
const question = sticky('[ \\t]*\\?[ \\t]*')
const colon = sticky('[ \\t]*:[ \\t]*')
const arrow = sticky('[ \\t]*=>[ \\t]*')
const condition = sticky('[ \\t]+if[ \\t]+')
const quoted = sticky(`(?:(?!["\\\\])${literal}|\\\\["\\\\nrt])*`)

/** A value with operators between its terms, all on one line. */
export function valueEnd(text: string, from: number, depth: number): End {
  let at = termEnd(text, from, depth)
  for (let next; at !== undefined && (next = after(operator, text, at)) !== undefined;) at = termEnd(text, next, depth)
  const then = at === undefined ? undefined : after(question, text, at)
  if (then === undefined) return at
  const one = valueEnd(text, then, depth + 1)
  const other = one === undefined ? undefined : after(colon, text, one)
  return other === undefined ? undefined : valueEnd(text, other, depth + 1)
}

function termEnd(text: string, from: number, depth: number): End {
  if (depth >= depths) return undefined
  const at = after(number, text, from) === undefined ? (after(unary, text, from) ?? from) : from
  if (text[at] === '"') return stringEnd(text, at, depth)
  if (text[at] === '[') {
    const looped = after(each, text, at + 1) !== undefined
    return looped ? forEnd(text, at + 1, ']', depth) : listEnd(text, at + 1, ']', depth)
  }
  if (text[at] === '{') return objectEnd(text, at + 1, depth)
  if (text[at] === '(') {
    const inside = valueEnd(text, after(blank, text, at + 1) ?? at, depth + 1)
    const close = inside === undefined ? undefined : after(blank, text, inside)
    return close !== undefined && text[close] === ')' ? furtherEnd(text, close + 1, depth) : undefined
  }
  const end = after(number, text, at)
  if (end !== undefined) return end
  const named = after(reference, text, at)
  if (named === undefined) return undefined
  if (text[named] !== '(') return furtherEnd(text, named, depth)
  const called = text.slice(at, named).includes('.') ? undefined : listEnd(text, named + 1, ')', depth)
  return called === undefined ? undefined : furtherEnd(text, called, depth)
}

/** Attributes and indexes behind a term. */
function furtherEnd(text: string, from: number, depth: number): End {
  let at = from
  for (;;) {
    const further = after(attribute, text, at)
    if (further === undefined && text[at] !== '[') return at
    const inside = further === undefined ? valueEnd(text, at + 1, depth + 1) : undefined
    if (further === undefined && (inside === undefined || text[inside] !== ']')) return undefined
    at = further ?? (inside ?? at) + 1
  }
}

function stringEnd(text: string, from: number, depth: number): End {
  const end = partsEnd(text, from + 1, quoted, depth)
  return end !== undefined && text[end] === '"' ? end + 1 : undefined
}

/** Lines may end anywhere in it. */
function listEnd(text: string, from: number, close: string, depth: number): End {
  let at = after(lines, text, from) ?? from
  while (text[at] !== close) {
    const value = valueEnd(text, at, depth + 1)
    if (value === undefined) return undefined
    at = after(lines, text, value) ?? value
    if (text[at] === ',') at = after(lines, text, at + 1) ?? at + 1
    else if (text[at] !== close) return undefined
  }
  return at + 1
}

/** Its members end with a comma or with the line. */
function objectEnd(text: string, from: number, depth: number): End {
  const first = after(blank, text, from) ?? from
  if (after(each, text, first) !== undefined) return forEnd(text, first, '}', depth)
  let at = after(lines, text, from) ?? from
  while (text[at] !== '}') {
    const named = text[at] === '"' ? stringEnd(text, at, depth) : after(key, text, at)
    const is = named === undefined ? undefined : after(assigned, text, named)
    const value = is === undefined ? undefined : valueEnd(text, is, depth + 1)
    if (value === undefined) return undefined
    const ended = after(comma, text, value) ?? value
    at = after(lines, text, ended) ?? ended
    if (ended === value && text[at] !== '}' && !text.slice(value, at).includes('\n')) return undefined
  }
  return at + 1
}

function forEnd(text: string, from: number, close: ']' | '}', depth: number): End {
  const steps = [each, colon, ...(close === '}' ? [arrow] : [])]
  let at: End = from
  for (const step of steps) {
    const next: End = after(step, text, at)
    at = next === undefined ? undefined : valueEnd(text, next, depth + 1)
    if (at === undefined) return undefined
  }
  const asked = after(condition, text, at)
  const value = asked === undefined ? at : valueEnd(text, asked, depth + 1)
  const end = value === undefined ? undefined : after(lines, text, value)
  return end !== undefined && text[end] === close ? end + 1 : undefined
}

/** Directives that are not ended yet. */
export type Open = ('if' | 'else' | 'for')[]

const inserted = sticky('\\$\\{~?[ \\t]*')
const directive = sticky('%\\{~?[ \\t]*')
const closed = sticky('[ \\t]*~?\\}')
const asks = sticky('if[ \\t]+')
const word = sticky('(?:else|endif|endfor)(?=[ \\t]*~?\\})')

/** Literals and sequences as far as there are any; each sequence on one line. Undefined: one of them is left open. */
export function partsEnd(text: string, from: number, literals: RegExp, depth: number): End {
  const open: Open = []
  const end = partsIn(text, from, literals, depth, open)
  return open.length === 0 ? end : undefined
}

/** The same, with directives that may end later. */
export function partsIn(text: string, from: number, literals: RegExp, depth: number, open: Open): End {
  let at = from
  for (;;) {
    at = after(literals, text, at) ?? at
    const value = after(inserted, text, at)
    const told = value === undefined ? after(directive, text, at) : undefined
    if (value === undefined && told === undefined) return at
    const inside = value === undefined ? toldEnd(text, told ?? at, depth, open) : valueEnd(text, value, depth + 1)
    const end = inside === undefined ? undefined : after(closed, text, inside)
    if (end === undefined) return undefined
    at = end
  }
}

function toldEnd(text: string, from: number, depth: number, open: Open): End {
  const begins = (['if', 'for'] as const).find((one) => after(one === 'if' ? asks : each, text, from) !== undefined)
  if (begins !== undefined) {
    open.push(begins)
    return valueEnd(text, after(begins === 'if' ? asks : each, text, from) ?? from, depth + 1)
  }
  const end = after(word, text, from)
  if (end === undefined) return undefined
  const told = text.slice(from, end)
  const last = open.pop()
  if (told === 'else' && last === 'if') return (open.push('else'), end)
  return (told === 'endfor' ? last === 'for' : told === 'endif' && (last === 'if' || last === 'else')) ? end : undefined
}
