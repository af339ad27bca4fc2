/** Templates: quoted ones with escapes, heredocs with their indentation. Source: hclsyntax/parser_template.go. */
import type { Expr, Loop, Part } from './ast.ts'
import { named, spanOf, type Node } from './tree-node.ts'

/** The reader of the expressions in a template. */
export interface Reads {
  readonly expression: (node: Node) => Expr
  readonly loopOf: (intro: Node) => Loop | undefined
}

/** A text as written, made into what it means; whether it stands at the start of a line. */
type Reader = (text: string, startsLine: boolean) => string

const isText = ({ type }: Node) => type === 'template_literal'
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

export function quoted(node: Node, reads: Reads): Expr {
  // Most have nothing in them but text.
  if (node.type === 'string_lit')
    return { kind: 'literal', value: unescape(node.text.slice(1, -1)), span: spanOf(node) }
  const inner = named(node).filter(({ type }) => !/^quoted_template_(start|end)$/.test(type))
  const raw = between(node, inner, node.startIndex + 1, node.endIndex - 1, unescape, reads)
  const [only] = raw
  if (raw.length === 0) return { kind: 'literal', value: '', span: spanOf(node) }
  if (raw.length === 1 && only?.kind === 'text') return { kind: 'literal', value: only.text, span: spanOf(node) }
  return template(raw, node)
}

export function heredoc(node: Node, reads: Reads): Expr {
  const [start, open, ...rest] = named(node)
  const close = rest.at(-1)
  if (!start || !open || !close) return { kind: 'unread', text: node.text, span: spanOf(node) }
  const text = node.text
  const from = node.startIndex + text.indexOf('\n', open.endIndex - node.startIndex) + 1
  const to = node.startIndex + text.lastIndexOf('\n', close.startIndex - node.startIndex - 1) + 1
  const end = Math.max(from, to)
  const raw = text.slice(from - node.startIndex, end - node.startIndex)
  const parts = between(node, rest.slice(0, -1), from, end, start.text === '<<-' ? flush(raw) : dollars, reads)
  const [only] = parts
  if (parts.length === 0) return { kind: 'literal', value: '', span: spanOf(node) }
  if (parts.length === 1 && only?.kind === 'text') return { kind: 'literal', value: only.text, span: spanOf(node) }
  return template(parts, node)
}

const template = (parts: readonly Part[], node: Node): Expr => {
  const [only] = parts
  const wrapped = parts.length === 1 && only?.kind === 'value'
  return { kind: 'template', parts: stripped(parts), wrapped, span: spanOf(node) }
}

/** The text between the interpolations, and these. */
function between(
  whole: Node,
  inner: readonly Node[],
  from: number,
  to: number,
  read: Reader,
  reads: Reads,
): readonly Part[] {
  const parts: Part[] = []
  const source = whole.text
  const say = (start: number, end: number) => {
    if (end > start)
      parts.push({
        kind: 'text',
        text: read(source.slice(start - whole.startIndex, end - whole.startIndex), start === from),
      })
  }
  let at = from
  for (const node of inner) {
    if (isText(node) || node.type === 'heredoc_identifier') continue
    say(at, node.startIndex)
    parts.push(partOf(node, read, reads))
    at = node.endIndex
  }
  say(at, to)
  return parts
}

function partOf(node: Node, read: Reader, reads: Reads): Part {
  if (node.type === 'template_interpolation') {
    const value = named(node).find(({ type }) => type === 'expression')
    const { left, right } = markers(node)
    const bad: Expr = { kind: 'unread', text: node.text, span: spanOf(node) }
    return { kind: 'value', value: value ? reads.expression(value) : bad, left, right }
  }
  const [directive] = node.type === 'template_directive' ? named(node) : [node]
  return (directive && directiveOf(directive, read, reads)) ?? unreadPart(node)
}

const unreadPart = (node: Node): Part => ({
  kind: 'value',
  value: { kind: 'unread', text: node.text, span: spanOf(node) },
  left: false,
  right: false,
})

function directiveOf(node: Node, read: Reader, reads: Reads): Part | undefined {
  const parts = named(node)
  const [intro] = parts
  const end = parts.at(-1)
  if (!intro || !end) return undefined
  const inside = (from: Node, to: Node, nodes: readonly Node[]) =>
    stripped(between(node, nodes, from.endIndex, to.startIndex, read, reads), markers(from).right, markers(to).left)
  const { left } = markers(intro)
  const { right } = markers(end)
  if (node.type === 'template_for') {
    const loop = reads.loopOf(intro)
    return loop && { kind: 'for', loop, body: inside(intro, end, parts.slice(1, -1)), left, right }
  }
  const test = named(intro).find(({ type }) => type === 'expression')
  if (node.type !== 'template_if' || !test) return undefined
  const otherwise = parts.findIndex(({ type }) => type === 'template_else_intro')
  const middle = parts[otherwise]
  return {
    kind: 'if',
    test: reads.expression(test),
    yes: inside(intro, middle ?? end, parts.slice(1, middle ? otherwise : -1)),
    no: middle ? inside(middle, end, parts.slice(otherwise + 1, -1)) : [],
    left,
    right,
  }
}

/** `~` right after the opening or right before the closing mark. */
const markers = ({ text }: Node): { left: boolean; right: boolean } => ({
  left: /^[$%]\{~/.test(text),
  right: text.endsWith('~}'),
})

/** Strip markers take the white space beside them. */
function stripped(parts: readonly Part[], first = false, last = false): readonly Part[] {
  return parts.map((part, i) => {
    if (part.kind !== 'text') return part
    const before = parts[i - 1]
    const after = parts[i + 1]
    const start = i === 0 ? first : before?.kind !== 'text' && before?.right === true
    const end = i === parts.length - 1 ? last : after?.kind !== 'text' && after?.left === true
    const text = start ? part.text.trimStart() : part.text
    return { kind: 'text', text: end ? text.trimEnd() : text }
  })
}

const dollars = (text: string): string => text.replaceAll('$${', '${').replaceAll('%%{', '%{')

const unescape = (text: string): string =>
  dollars(
    text.replaceAll(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g, (whole, code: string) => {
      const number = code.length > 1 ? Number.parseInt(code.slice(1), 16) : -1
      return number >= 0 && number <= 0x10ffff ? String.fromCodePoint(number) : (escapes[code] ?? whole)
    }),
  )

/** `<<-` takes from every line the white space that all lines have; blank lines do not count. */
function flush(raw: string): (text: string, startsLine: boolean) => string {
  const widths = raw.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.length - line.trimStart().length]))
  const width = Math.min(...widths, 1000)
  const cut = (line: string) => line.slice(Math.min(width, line.length - line.trimStart().length))
  return (text, startsLine) =>
    dollars(
      text
        .split('\n')
        .map((line, i) => (i > 0 || startsLine ? cut(line) : line))
        .join('\n'),
    )
}
