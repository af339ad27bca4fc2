import { after, blank, comment, depths, harmless, lines, literal, name, sticky, type End } from './plain-scan.ts'
import { partsIn, valueEnd, type Open } from './plain-value.ts'

/**
 * Whether a text is HCL of the plain kind, as nearly all job files are: attributes, blocks, and values without what is rare.
 * HCL accepts every such text, so that its own parser need not be asked; of anything else this says nothing. A test asks both.
 */
export function isPlain(text: string): boolean {
  const at = text.length < longest ? bodyEnd(text, 0, 0) : undefined
  return at !== undefined && at === text.length
}

const lineEnd = sticky(`[ \\t]*(?:${comment})?(?:\\n|$)`)
const lastLine = sticky(`${comment}$`)
const head = sticky(`(${name})[ \\t]*=[ \\t]*`)
const block = sticky(`${name}(?:[ \\t]+(?:${name}|"(?:(?!["\\\\])${harmless})*"))*[ \\t]*\\{[ \\t]*`)
const heredoc = sticky('<<-?([A-Za-z_][A-Za-z0-9_]*)\\n')
const literals = sticky(`${literal}*`)

/** What is longer may exhaust one parser or the other. */
const longest = 500_000

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
      const closed = depth < depths ? blockEnd(text, opened, depth) : undefined
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
  const open: Open = []
  for (let at = heredoc.lastIndex; ;) {
    const first = after(blank, text, at) ?? at
    if (text.startsWith(mark, first)) {
      const end = first + mark.length
      return text[end] === '\n' && open.length === 0 ? end : undefined
    }
    const end = partsIn(text, at, literals, 0, open)
    if (end === undefined || text[end] !== '\n') return undefined
    at = end + 1
  }
}
