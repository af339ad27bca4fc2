/** Values put into a JSON text or taken out of it. What stands around them keeps its lines. */
import { findNodeAtLocation, parseTree, type JSONPath, type Node } from 'jsonc-parser'
import { refuse } from './json-refuse.ts'

/** A member or an item: with a value it is replaced or comes last, without one it goes. Objects on the way are made. */
export function put(text: string, path: JSONPath, value: unknown): string {
  const root = parseTree(text) ?? refuse('it is not written out in the file')
  const at = [...path]
  let made = value
  for (;;) {
    const step = at.pop()
    if (step === undefined) return refuse('it is not written out in the file')
    const parent = at.length === 0 ? root : findNodeAtLocation(root, at)
    if (!parent || parent.type === 'null') {
      if (made === undefined) return text
      made = typeof step === 'string' ? { [step]: made } : [made]
      if (parent) return replaced(text, parent, made)
      continue
    }
    const own = findNodeAtLocation(root, [...at, step])
    if (own) return made === undefined ? without(text, parent, own) : replaced(text, own, made)
    return made === undefined ? text : appended(text, parent, step, made)
  }
}

type Style = ReturnType<typeof styleOf>
const styleOf = (text: string) => ({
  eol: text.includes('\r\n') ? '\r\n' : '\n',
  unit: /\n([ \t]+)"/.exec(text)?.[1] ?? '  ',
})

const onOneLine = (text: string, { offset, length }: Node): boolean =>
  !text.slice(offset, offset + length).includes('\n')

/** Line breaks within texts are escaped, so all others are layout. */
const compact = (value: unknown): string => JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ')
const spread = (value: unknown, indent: string, { unit, eol }: Style): string =>
  JSON.stringify(value, null, unit).replaceAll('\n', `${eol}${indent}`)

const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? ''
const startsLine = (text: string, offset: number): boolean => /(?:^|\n)[ \t]*$/.test(text.slice(0, offset).slice(-200))

const edited = (text: string, start: number, end: number, content: string): string =>
  text.slice(0, start) + content + text.slice(end)

function replaced(text: string, own: Node, value: unknown): string {
  const written = onOneLine(text, own) ? compact(value) : spread(value, indentAt(text, own.offset), styleOf(text))
  return edited(text, own.offset, own.offset + own.length, written)
}

function appended(text: string, parent: Node, step: string | number, value: unknown): string {
  const name = parent.type === 'object' ? `${JSON.stringify(step)}: ` : ''
  const last = parent.children?.at(-1)
  if (!last) return edited(text, parent.offset + 1, parent.offset + parent.length - 1, `${name}${compact(value)}`)
  const end = last.offset + last.length
  if (!startsLine(text, last.offset)) return edited(text, end, end, `, ${name}${compact(value)}`)
  const style = styleOf(text)
  const indent = indentAt(text, last.offset)
  // Items that each have one line get another one.
  const written = parent.type === 'array' && onOneLine(text, last) ? compact(value) : spread(value, indent, style)
  return edited(text, end, end, `,${style.eol}${indent}${name}${written}`)
}

/** A new item before all others of a list. */
export function putFirst(text: string, path: JSONPath, value: unknown): string {
  const root = parseTree(text) ?? refuse('it is not written out in the file')
  const list = findNodeAtLocation(root, path)
  const [first] = list?.children ?? []
  if (!list || !first) return put(text, [...path, 0], value)
  const { eol } = styleOf(text)
  const apart = startsLine(text, first.offset) ? `${eol}${indentAt(text, first.offset)}` : ' '
  return edited(text, first.offset, first.offset, `${compact(value)},${apart}`)
}

/** With the comma before it, or the one behind the first of several. */
function without(text: string, parent: Node, own: Node): string {
  const children = parent.children ?? []
  const member = parent.type === 'object' ? (own.parent ?? own) : own
  const at = children.findIndex(({ offset }) => offset === member.offset)
  const [before, next] = [children[at - 1], children[at + 1]]
  const end = member.offset + member.length
  if (before) return edited(text, before.offset + before.length, end, '')
  if (next) return edited(text, member.offset, next.offset, '')
  return edited(text, parent.offset + 1, parent.offset + parent.length - 1, '')
}
