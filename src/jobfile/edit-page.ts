/** A job file while it is edited: its text, its tree, and how it is laid out. */
import type { Node } from './tree-node.ts'
import { named } from './tree-node.ts'

export interface Page {
  readonly text: string
  readonly root: Node
}
/** A piece of the text and what stands there afterwards; offsets in UTF-16 units. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}
/** Why a change cannot be made in this text. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable'
}

export const lineStart = ({ text }: Page, at: number): number => text.lastIndexOf('\n', at - 1) + 1
/** The end of a line, its line break not included. */
export function lineEnd({ text }: Page, at: number): number {
  const found = text.indexOf('\n', at)
  if (found < 0) return text.length
  return found > at && text[found - 1] === '\r' ? found - 1 : found
}
export const nextLine = ({ text }: Page, at: number): number => {
  const found = text.indexOf('\n', at)
  return found < 0 ? text.length : found + 1
}
export const eolOf = ({ text }: Page): string => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n')
export const indentOf = (page: Page, at: number): string =>
  /^[ \t]*/.exec(page.text.slice(lineStart(page, at), at))?.[0] ?? ''
export const blank = (text: string): boolean => text.trim() === ''
export const startsLine = (page: Page, { startIndex }: Node): boolean =>
  blank(page.text.slice(lineStart(page, startIndex), startIndex))

/** The block whose header starts here. One that a dynamic block writes is not written anywhere itself. */
export function blockAt({ root }: Page, offset: number): Node {
  let node = root.descendantForIndex(offset)
  while (node && !(node.type === 'block' && node.startIndex === offset)) node = node.parent
  if (!node) throw new Unwritable('the block is not written out in the file')
  if (node.firstNamedChild?.text === 'dynamic') throw new Unwritable('a dynamic block writes it')
  return node
}

/** An attribute, or an element of a map, that starts here. */
export function attributeAt({ root }: Page, offset: number): Node {
  let node = root.descendantForIndex(offset)
  while (node && !(['attribute', 'object_elem'].includes(node.type) && node.startIndex === offset)) node = node.parent
  if (!node) throw new Unwritable('the attribute is not written out in the file')
  return node
}

export const bodyOf = (block: Node): Node | undefined => named(block).find(({ type }) => type === 'body')
export const membersOf = (block: Node): readonly Node[] => {
  const body = bodyOf(block)
  return body ? named(body) : []
}
export const typeOf = (node: Node): string => (node.type === 'block' ? (node.firstNamedChild?.text ?? '') : '')
export const attributeOf = (block: Node, name: string): Node | undefined =>
  membersOf(block).find(({ type, firstNamedChild }) => type === 'attribute' && firstNamedChild?.text === name)

export function braces(block: Node): { readonly open: Node; readonly close: Node } {
  const open = block.namedChildren.find((child) => child?.type === 'block_start')
  const close = block.namedChildren.findLast((child) => child?.type === 'block_end')
  if (!open || !close) throw new Unwritable('the block has no braces')
  return { open, close }
}
export const onOneLine = ({ startPosition, endPosition }: Node): boolean => startPosition.row === endPosition.row

/** The value of an attribute or of an element of a map. */
export function valueOf(attribute: Node): Node {
  const value = named(attribute).at(-1)
  if (!value || value.type !== 'expression') throw new Unwritable('the attribute has no value')
  return value
}

/** What one level of this file is indented by. */
export function unitOf(page: Page, block: Node): string {
  const step = (outer: Node): string | undefined => {
    const [member] = membersOf(outer)
    if (!member || onOneLine(outer) || !startsLine(page, member) || !startsLine(page, outer)) return undefined
    const own = indentOf(page, outer.startIndex)
    const inner = indentOf(page, member.startIndex)
    return inner.startsWith(own) && inner.length > own.length ? inner.slice(own.length) : undefined
  }
  for (let node: Node | null = block; node; node = node.parent) {
    const found = node.type === 'block' ? step(node) : undefined
    if (found !== undefined) return found
  }
  return '  '
}

export const commentsIn = ({ root }: Page): readonly Node[] =>
  root.descendantsOfType('comment').filter((node) => node !== null)

/** The end of the line an offset is on; where a comment goes on over it, the end of the comment's last line. */
export function endOfLine(page: Page, at: number): number {
  let end = lineEnd(page, at)
  const over = commentsIn(page).find(({ startIndex, endIndex }) => startIndex < end && endIndex > end)
  if (over) end = lineEnd(page, over.endIndex)
  return end
}
