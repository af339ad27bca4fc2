/** Changes of whole blocks: each gives the pieces of the text it replaces. */
import type { Node } from './tree-node.ts'
import type { NewBlock } from './change.ts'
import { takeOut, unfolded } from './edit-attribute.ts'
import {
  attributeOf,
  blank,
  bodyOf,
  braces,
  commentsIn,
  endOfLine,
  eolOf,
  indentOf,
  lineStart,
  membersOf,
  onOneLine,
  startsLine,
  typeOf,
  unitOf,
  Unwritable,
  type Page,
  type Replacement,
} from './edit-page.ts'
import { blockLines, quoted } from './edit-write.ts'

type Pieces = readonly Replacement[]

export function relabelled(block: Node, to: string): Pieces {
  const [, label] = block.namedChildren
  if (!label || !['string_lit', 'identifier'].includes(label.type)) throw new Unwritable('the block has no label')
  const bare = label.type === 'identifier' && /^[A-Za-z_]\w*$/.test(to)
  return [{ start: label.startIndex, end: label.endIndex, text: bare ? to : quoted(to) }]
}

export function added(page: Page, block: Node, what: NewBlock, before?: string): Pieces {
  if (what.once && membersOf(block).some((one) => typeOf(one) === what.type))
    throw new Unwritable(`there is a ${what.type} block already`)
  return placed(page, block, what.type, blockLines(what, unitOf(page, block)), before)
}

/** Lines of a new block inside another: beside its like, before the first of another type, or at the end. */
function placed(page: Page, block: Node, type: string, lines: readonly string[], before?: string): Pieces {
  const eol = eolOf(page)
  if (onOneLine(block)) return unfolded(page, block, lines)
  const members = membersOf(block)
  const like = members.findLast((one) => typeOf(one) === type)
  const next = before === undefined ? undefined : members.find((one) => typeOf(one) === before)
  const [first] = members
  const indent =
    first && startsLine(page, first)
      ? indentOf(page, first.startIndex)
      : `${indentOf(page, block.startIndex)}${unitOf(page, block)}`
  const text = lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join(eol)
  const loose = isLoose(page, members, like ?? members.at(-1), type)
  if (like) {
    const at = endOfLine(page, like.endIndex)
    if (at > braces(block).close.startIndex || members.some((one) => one.startIndex < at && at < one.endIndex))
      throw new Unwritable('other parts of the file stand on the same line')
    return [{ start: at, end: at, text: `${eol}${loose ? eol : ''}${text}` }]
  }
  if (next) {
    if (!startsLine(page, next)) throw new Unwritable(`the ${typeOf(next)} block begins in the middle of a line`)
    const at = withComments(page, next)
    return [{ start: at, end: at, text: `${text}${eol}${eol}` }]
  }
  const { close } = braces(block)
  if (!startsLine(page, close)) throw new Unwritable('the block ends in the middle of a line')
  const at = lineStart(page, close.startIndex)
  return [{ start: at, end: at, text: `${first && loose ? eol : ''}${text}${eol}` }]
}

/** Whether an empty line stands between the blocks here; ports are written close together. */
function isLoose({ text }: Page, members: readonly Node[], last: Node | undefined, type: string): boolean {
  if (!last) return false
  const before = members[members.indexOf(last) - 1]
  const alike = typeOf(last) === type
  if (alike && before) return /\n[ \t]*\r?\n/.test(text.slice(before.endIndex, last.startIndex))
  return type !== 'port' && !(alike && onOneLine(last))
}

/** Where a block begins with the comments right above it. */
function withComments(page: Page, block: Node): number {
  let at = lineStart(page, block.startIndex)
  for (const comment of commentsIn(page).toReversed()) {
    const start = lineStart(page, comment.startIndex)
    const between = page.text.slice(comment.endIndex, at)
    if (comment.endIndex <= at && /^\r?\n?$/.test(between) && startsLine(page, comment)) at = start
  }
  return at
}

/** A block at another place, its lines indented anew, and gone where it was. */
export function moved(page: Page, block: Node, into: Node, before?: string): Pieces {
  if (block.startIndex <= into.startIndex && into.endIndex <= block.endIndex)
    throw new Unwritable('a block cannot be moved into itself')
  return apart([...placed(page, into, typeOf(block), linesOf(page, block), before), ...takeOut(page, block)])
}

/** What stands in the block, put at the end of another one. */
export function merged(page: Page, block: Node, into: Node): Pieces {
  for (const member of membersOf(block)) {
    const name = member.type === 'attribute' ? (member.firstNamedChild?.text ?? '') : ''
    const there = name === '' ? undefined : attributeOf(into, name)
    if (there && valueText(there) !== valueText(member))
      throw new Unwritable(`both blocks have ${name}, and not the same`)
  }
  const { open, close } = braces(block)
  const body = bodyOf(block)
  if (!body) return takeOut(page, block)
  if (onOneLine(block) || onOneLine(into)) throw new Unwritable('a block on one line cannot be merged')
  const twice = membersOf(block).filter(
    (member) => member.type === 'attribute' && attributeOf(into, member.firstNamedChild?.text ?? ''),
  )
  const from = lineStart(page, close.startIndex)
  const beside = commentsIn(page).some(
    ({ startIndex, endIndex }) => startIndex >= open.endIndex && endIndex <= endOfLine(page, open.endIndex),
  )
  if (beside) throw new Unwritable('a comment stands beside the opening of the block')
  const inside = { start: endOfLine(page, open.endIndex), end: from }
  const kept = without(
    page,
    inside,
    twice.flatMap((one) => takeOut(page, one)),
  )
  const at = lineStart(page, braces(into).close.startIndex)
  const text = kept.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()
  const lines = text === '' ? '' : `${text}${eolOf(page)}`
  return apart([{ start: at, end: at, text: lines }, ...takeOut(page, block)])
}

const valueText = (attribute: Node): string => attribute.namedChildren.at(-1)?.text ?? ''

function without({ text }: Page, inside: { start: number; end: number }, gone: Pieces): string {
  let found = ''
  let at = inside.start
  for (const { start, end } of gone.toSorted((a, b) => a.start - b.start)) {
    found += text.slice(at, Math.max(at, start))
    at = Math.max(at, end)
  }
  return found + text.slice(at, inside.end)
}

/** Two changes that meet are none that can be trusted. */
function apart(pieces: Pieces): Pieces {
  const sorted = pieces.toSorted((a, b) => a.start - b.start || a.end - b.end)
  if (sorted.some(({ end }, i) => end > (sorted[i + 1]?.start ?? Number.MAX_SAFE_INTEGER)))
    throw new Unwritable('the places are too close together')
  return sorted
}

/** The lines of a block without its own indentation; a heredoc that keeps its white space keeps it. */
function linesOf(page: Page, block: Node): readonly string[] {
  const own = indentOf(page, block.startIndex)
  const fixed = block.descendantsOfType('heredoc_template').filter((one) => one !== null && !one.text.startsWith('<<-'))
  if (fixed.length > 0) throw new Unwritable('the block holds a text that keeps its white space')
  return block.text
    .split(/\r?\n/)
    .map((line) => (line.startsWith(own) ? line.slice(own.length) : blank(line) ? '' : line))
}
