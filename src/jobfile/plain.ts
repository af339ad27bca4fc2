import {
  after,
  around,
  comment,
  depths,
  harmless,
  mark,
  name,
  node,
  noted,
  sign,
  skipped,
  sticky,
  within,
  type End,
  type Scan,
} from './plain-scan.ts'
import { heredoc, label } from './plain-template.ts'
import { value } from './plain-value.ts'
import type { Sketch } from './sketch.ts'

/** A plain text. Its tree is not there where the grammar of tree-sitter may see another one. */
export interface Plain {
  readonly tree?: Sketch
}

/**
 * What a text is when it is HCL of the plain kind, as nearly all job files are: attributes, blocks, and values without
 * what is rare. HCL accepts every such text, so that its own parser need not be asked; of anything else this says
 * nothing. The tree has the nodes of `make_grammar.js` of tree-sitter-hcl. Tests ask both parsers.
 */
export function plainIn(text: string): Plain | undefined {
  if (text.length >= longest) return undefined
  const scan: Scan = { text, value, alike: true }
  const members: Sketch[] = []
  if (body(scan, 0, 0, members) !== text.length) return undefined
  return scan.alike ? { tree: node('config_file', 0, text.length, within('body', members)) } : {}
}

const lineEnd = sticky(`[ \\t]*(?:${comment})?(?:\\n|$)`)
const lastLine = sticky(`${comment}$`)
const head = sticky(`(${name})[ \\t]*=[ \\t]*`)
const block = sticky(`(${name})(?:[ \\t]+(?:${name}|"(?:(?!["\\\\])${harmless})*"))*[ \\t]*\\{[ \\t]*`)
const labels = /[A-Za-z_][A-Za-z0-9_-]*|"[^"]*"/g

/** What is longer may exhaust one parser or the other. */
const longest = 500_000

/** Attributes and blocks, as far as there are any. An attribute stands once in a body. */
function body(scan: Scan, from: number, depth: number, into: Sketch[]): End {
  const { text } = scan
  const attributes = new Set<string>()
  for (let at = from; ;) {
    at = skipped(scan, at, into)
    head.lastIndex = at
    const attribute = head.exec(text)?.[1]
    if (attribute === undefined) {
      block.lastIndex = at
      const type = block.exec(text)?.[1]
      if (type === undefined) return noted(text, at, after(lastLine, text, at) ?? at, into)
      const found = depth < depths ? blockOf(scan, at, type, block.lastIndex, depth) : undefined
      if (!found) return undefined
      into.push(found)
    } else {
      if (attributes.has(attribute)) return undefined
      attributes.add(attribute)
      const begins = head.lastIndex
      const found = heredoc(scan, begins) ?? value(scan, begins, depth)
      if (!found) return undefined
      const named = at + attribute.length
      const is = sign('=', text.indexOf('=', named))
      into.push(node('attribute', at, found.end, [node('identifier', at, named), is, found]))
    }
    const end = into.at(-1)?.end ?? at
    const next = after(lineEnd, text, end)
    if (next === undefined) return undefined
    at = noted(text, end, next, into)
  }
}

/** `inside`: behind its opening brace. */
function blockOf(scan: Scan, at: number, type: string, inside: number, depth: number): Sketch | undefined {
  const { text } = scan
  const opening = text.lastIndexOf('{', inside - 1)
  const named = at + type.length
  const members: Sketch[] = []
  const first = text[inside] === '}' ? inside : after(lineEnd, text, inside)
  if (first === undefined) return undefined
  const end = body(scan, noted(text, inside, first, members), depth + 1, members)
  if (end === undefined || text[end] !== '}') return undefined
  const titles = [...text.slice(named, opening).matchAll(labels)].map(({ index, 0: said }) => {
    const from = named + index
    return said.startsWith('"') ? label(text, from, from + said.length) : node('identifier', from, from + said.length)
  })
  return around('block', [
    node('identifier', at, named),
    ...titles,
    mark('block_start', '{', opening),
    ...within('body', members),
    mark('block_end', '}', end),
  ])
}
