/** Changes of attributes: each gives the pieces of the text it replaces. */
import type { Node } from './tree-node.ts'
import { placesOf } from '../embedded-text.ts'
import type { Reword, Written } from './change.ts'
import {
  attributeOf,
  blank,
  bodyOf,
  braces,
  commentsIn,
  endOfLine,
  eolOf,
  indentOf,
  lineEnd,
  lineStart,
  membersOf,
  nextLine,
  onOneLine,
  startsLine,
  unitOf,
  Unwritable,
  valueOf,
  type Page,
  type Replacement,
} from './edit-page.ts'
import { quoted, written } from './edit-write.ts'
import { named } from './tree-node.ts'

type Pieces = readonly Replacement[]

export function setValue(attribute: Node, to: Written): Pieces {
  const { startIndex, endIndex } = valueOf(attribute)
  return [{ start: startIndex, end: endIndex, text: written(to) }]
}

/** A new attribute: after the attributes that come first in the block, in their column. */
export function addAttribute(page: Page, block: Node, name: string, to: Written): Pieces {
  if (attributeOf(block, name)) throw new Unwritable(`${name} is there already`)
  const members = membersOf(block)
  const until = members.findIndex(({ type }) => type !== 'attribute')
  const leading = until < 0 ? members : members.slice(0, until)
  const anchor = leading.findLast((one) => onOneLine(one)) ?? undefined
  if (onOneLine(block)) return unfolded(page, block, [`${name} = ${written(to)}`])
  const { open, close } = braces(block)
  const line = `${name.padEnd(anchor ? columnAt(page, leading, anchor) : 0)} = ${written(to)}`
  const indent = anchor
    ? indentOf(page, anchor.startIndex)
    : `${indentOf(page, block.startIndex)}${unitOf(page, block)}`
  const at = endOfLine(page, anchor ? anchor.endIndex : open.endIndex)
  if (members.some(({ startIndex, endIndex }) => startIndex < at && at < endIndex))
    throw new Unwritable('other parts of the block begin on the same line')
  if (at <= close.startIndex) return [{ start: at, end: at, text: `${eolOf(page)}${indent}${line}` }]
  // The older HCL closes a block on the line of its last attribute.
  const last = close.startIndex - (/[ \t]*$/.exec(page.text.slice(0, close.startIndex))?.[0].length ?? 0)
  const end = `${eolOf(page)}${indentOf(page, block.startIndex)}`
  return [{ start: last, end: close.startIndex, text: `${eolOf(page)}${indent}${line}${end}` }]
}

/** How far the names reach that stand in consecutive lines up to this one; 0 where their signs are not in one column. */
function columnAt({ text }: Page, leading: readonly Node[], last: Node): number {
  const own = leading.slice(0, leading.indexOf(last) + 1)
  const group: Node[] = []
  for (const one of own.toReversed()) {
    const [below] = group
    if (below && below.startPosition.row !== one.endPosition.row + 1) break
    group.unshift(one)
  }
  const signs = group.map(({ startIndex }) => text.slice(startIndex).search(/\s=/))
  return new Set(signs).size === 1 ? (signs[0] ?? 0) : 0
}

/** A block on one line, written on several, with more lines in it. */
export function unfolded(page: Page, block: Node, lines: readonly string[]): Pieces {
  const { open, close } = braces(block)
  const eol = eolOf(page)
  const own = indentOf(page, block.startIndex)
  const inner = `${own}${unitOf(page, block)}`
  const body = bodyOf(block)
  const more = lines.map((line) => (line === '' ? eol : `${eol}${inner}${line}`)).join('')
  const between = page.text.slice(open.endIndex, close.startIndex)
  if (!body && blank(between)) return [{ start: open.endIndex, end: close.startIndex, text: `${more}${eol}${own}` }]
  const first = open.endIndex + between.length - between.trimStart().length
  const last = open.endIndex + between.trimEnd().length
  return [
    { start: open.endIndex, end: first, text: `${eol}${inner}` },
    { start: last, end: close.startIndex, text: `${more}${eol}${own}` },
  ]
}

/** Takes an attribute or a block out with its line; a comment beside it stays. */
export function takeOut(page: Page, node: Node): Pieces {
  const block = node.parent?.type === 'body' ? node.parent.parent : null
  const start = lineStart(page, node.startIndex)
  const last = node.endIndex + (page.text[node.endIndex] === ',' ? 1 : 0)
  const after = page.text.slice(last, lineEnd(page, last))
  if (block?.type === 'block' && alone(page, block, node)) {
    const { open, close } = braces(block)
    return [{ start: open.endIndex, end: close.startIndex, text: '' }]
  }
  if (!startsLine(page, node)) return [{ start: node.startIndex, end: last, text: '' }]
  if (!blank(after)) {
    const gap = after.length - after.trimStart().length
    return [{ start: node.startIndex, end: last + gap, text: '' }]
  }
  const end = nextLine(page, last)
  const before = lineStart(page, Math.max(0, start - 1))
  const loose = start > 0 && blank(page.text.slice(before, start))
  const next = page.text.slice(end, lineEnd(page, end))
  const closes = blank(next) || next.trim().startsWith('}')
  return [{ start: loose && closes ? before : start, end, text: '' }]
}

const alone = (page: Page, block: Node, node: Node): boolean =>
  membersOf(block).length === 1 &&
  membersOf(block)[0]?.id === node.id &&
  !commentsIn(page).some(({ startIndex }) => startIndex > block.startIndex && startIndex < block.endIndex)

const asQuoted = (piece: string): string => quoted(piece).slice(1, -1)
/** Wherever the piece stands in the value, not as a part of a longer word, and not in a comment there. */
export function reworded(attribute: Node, { from, to, behind }: Reword): Pieces {
  const { text, startIndex } = valueOf(attribute)
  const found = [
    [from, to, behind],
    [asQuoted(from), asQuoted(to), behind === undefined ? undefined : asQuoted(behind)],
  ] as const
  for (const [piece, by, lead] of found) {
    const places = placesOf(text, piece, lead)
    if (places.length > 0)
      return places.map((at) => ({ start: startIndex + at, end: startIndex + at + piece.length, text: by }))
  }
  throw new Unwritable(`"${from}" is worked out there, or stands elsewhere in the file`)
}

const tupleOf = (attribute: Node): Node => {
  const [tuple] = valueOf(attribute).descendantsOfType('tuple')
  if (!tuple || tuple.startIndex !== valueOf(attribute).startIndex || tuple.endIndex !== valueOf(attribute).endIndex)
    throw new Unwritable('the list is not written out in the file')
  return tuple
}
const itemsOf = (tuple: Node): readonly Node[] => named(tuple).filter(({ type }) => type === 'expression')

const put = (at: number, text: string): Replacement => ({ start: at, end: at, text })

export function included(page: Page, attribute: Node, item: string): Pieces {
  const tuple = tupleOf(attribute)
  const items = itemsOf(tuple)
  if (items.some(({ text }) => text === quoted(item))) return []
  const last = items.at(-1)
  if (!last) return [{ start: tuple.startIndex, end: tuple.endIndex, text: written([item]) }]
  const comma = tuple.children.find((one) => one?.type === ',' && one.startIndex >= last.endIndex)
  const apart = tuple.startPosition.row < last.startPosition.row && startsLine(page, last)
  if (!apart) return [put(last.endIndex, `, ${quoted(item)}`)]
  const at = endOfLine(page, (comma ?? last).endIndex)
  const line = `${eolOf(page)}${indentOf(page, last.startIndex)}${quoted(item)}${comma ? ',' : ''}`
  if (tuple.endIndex <= at) throw new Unwritable('the list ends in the middle of a line')
  return [...(comma ? [] : [put(last.endIndex, ',')]), put(at, line)]
}

export function excluded(page: Page, attribute: Node, item: string): Pieces {
  const tuple = tupleOf(attribute)
  const items = itemsOf(tuple)
  const found = items.find(({ text }) => text === quoted(item))
  if (!found) throw new Unwritable(`"${item}" is not written out there`)
  const i = items.indexOf(found)
  const [before, after] = [items[i - 1], items[i + 1]]
  if (startsLine(page, found) && (!after || startsLine(page, after))) return takeOutElement(page, tuple, found)
  if (after) return [{ start: found.startIndex, end: after.startIndex, text: '' }]
  return before
    ? [{ start: before.endIndex, end: found.endIndex, text: '' }]
    : [{ start: found.startIndex, end: found.endIndex, text: '' }]
}

/** An element on a line of its own, its comma with it; a comment beside it stays. */
function takeOutElement(page: Page, tuple: Node, found: Node): Pieces {
  const comma = tuple.children.find((one) => one?.type === ',' && one.startIndex >= found.endIndex)
  const end = comma && comma.startPosition.row === found.endPosition.row ? comma.endIndex : found.endIndex
  const rest = page.text.slice(end, lineEnd(page, end))
  return blank(rest)
    ? [{ start: lineStart(page, found.startIndex), end: nextLine(page, end), text: '' }]
    : [{ start: found.startIndex, end: end + rest.length - rest.trimStart().length, text: '' }]
}
