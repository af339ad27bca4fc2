/**
 * Whether a text is HCL of the plain kind, as nearly all job files are: attributes, blocks, and values without operators.
 * HCL accepts every such text, so that its own parser need not be asked; of anything else this says nothing. A test asks both.
 */
export function isPlain(text: string): boolean {
  const at = text.length < longest ? bodyEnd(text, 0, 0) : undefined
  return at !== undefined && at === text.length
}

/** Each reads from a place and gives the place behind what it read; undefined: not plain. */
type End = number | undefined

const name = '[A-Za-z_][A-Za-z0-9_-]*'
const path = `(?!for\\b)${name}(?:\\.${name})*`
/** Any character but those that end or change a text. */
const harmless = String.raw`[^\0-\x08\x0B-\x1F\x7F\n\uFEFF$%]`
const inserted = String.raw`\$(?!\{)|%(?!\{)|\$\{ *${path} *\}`
const string = String.raw`"(?:(?!["\\])${harmless}|\\["\\nrt]|${inserted})*"`
const comment = `(?:#|//)(?:${harmless}|[$%])*`

const sticky = (source: string): RegExp => new RegExp(source, 'y')
const blank = sticky('[ \\t]*')
const lineEnd = sticky(`[ \\t]*(?:${comment})?(?:\\n|$)`)
const lines = sticky(`(?:[ \\t]*(?:${comment})?\\n)*[ \\t]*`)
const lastLine = sticky(`${comment}$`)
const head = sticky(`(${name})[ \\t]*=[ \\t]*`)
const block = sticky(`${name}(?:[ \\t]+(?:${name}|"(?:(?!["\\\\])${harmless})*"))*[ \\t]*\\{[ \\t]*`)
const heredoc = sticky('<<-?([A-Za-z_][A-Za-z0-9_]*)\\n')
const templateLine = sticky(`(?:${harmless}|${inserted})*\\n`)
const scalar = sticky(`(?:-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?![\\w.-])|${string})`)
const reference = sticky(`${path}(?![\\w.-])`)
const key = sticky(`(?:(?!for\\b)${name}|${string})[ \\t]*[=:][ \\t]*`)
const comma = sticky('[ \\t]*,')

/** What is longer or deeper may exhaust one parser or the other. */
const [longest, deepest] = [500_000, 100] as const

function after(pattern: RegExp, text: string, at: number): End {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** Attributes and blocks, as far as there are any. An attribute stands once in a body. */
function bodyEnd(text: string, from: number, depth: number): End {
  const attributes = new Set<string>()
  let at = from
  for (;;) {
    at = after(lines, text, at) ?? at
    head.lastIndex = at
    const attribute = head.exec(text)?.[1]
    if (attribute === undefined) {
      const opened = after(block, text, at)
      if (opened === undefined) return after(lastLine, text, at) ?? at
      const closed = depth < deepest ? blockEnd(text, opened, depth) : undefined
      if (closed === undefined) return undefined
      at = closed
    } else {
      if (attributes.has(attribute)) return undefined
      attributes.add(attribute)
      const value = heredocEnd(text, head.lastIndex) ?? valueEnd(text, head.lastIndex, depth)
      const end = value === undefined ? undefined : after(lineEnd, text, value)
      if (end === undefined) return undefined
      at = end
    }
  }
}

/** From behind its opening brace to behind the line of its closing one. */
function blockEnd(text: string, from: number, depth: number): End {
  const inside = text[from] === '}' ? from : after(lineEnd, text, from)
  const end = inside === undefined ? undefined : bodyEnd(text, inside, depth + 1)
  return end !== undefined && text[end] === '}' ? after(lineEnd, text, end + 1) : undefined
}

/** Its end is the line with its mark; what follows the mark belongs to the attribute. */
function heredocEnd(text: string, from: number): End {
  heredoc.lastIndex = from
  const mark = heredoc.exec(text)?.[1]
  if (mark === undefined) return undefined
  for (let at: End = heredoc.lastIndex; at !== undefined; at = after(templateLine, text, at)) {
    const first = after(blank, text, at) ?? at
    if (!text.startsWith(mark, first)) continue
    const end = first + mark.length
    return text[end] === '\n' ? end : undefined
  }
  return undefined
}

function valueEnd(text: string, at: number, depth: number): End {
  const end = after(scalar, text, at)
  if (end !== undefined) return end
  if (depth >= deepest) return undefined
  if (text[at] === '[') return listEnd(text, at + 1, ']', depth)
  if (text[at] === '{') return objectEnd(text, at + 1, depth)
  const named = after(reference, text, at)
  return named !== undefined && text[named] === '(' && !text.slice(at, named).includes('.')
    ? listEnd(text, named + 1, ')', depth)
    : named
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
  let at = after(lines, text, from) ?? from
  while (text[at] !== '}') {
    const named = after(key, text, at)
    const value = named === undefined ? undefined : valueEnd(text, named, depth + 1)
    if (value === undefined) return undefined
    const ended = after(comma, text, value) ?? value
    at = after(lines, text, ended) ?? ended
    if (ended === value && text[at] !== '}' && !text.slice(value, at).includes('\n')) return undefined
  }
  return at + 1
}
