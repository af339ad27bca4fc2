/** Changes made in the text of a job file. Only what they name is touched: comments, order and layout stay. */
import type { Node, ReadTree } from './tree-node.ts'
import type { Field, Position, Reword, Spot, TextChange, Written } from './change.ts'
import { added, merged, moved, relabelled } from './edit-block.ts'
import { addAttribute, excluded, included, reworded, setValue, takeOut } from './edit-attribute.ts'
import { homeOf, homesIn, namesIn, saidOf, type GivenBy, type Home } from './edit-home.ts'
import {
  attributeAt,
  attributeOf,
  blockAt,
  commentsIn,
  membersOf,
  typeOf,
  Unwritable,
  valueOf,
  type Page,
  type Replacement,
} from './edit-page.ts'

export interface EditedText {
  readonly text: string
  /** It replaces nothing but values written out: no variable loses its effect, and no comment is lost with a block. */
  readonly plain: boolean
  /** What a person would not expect of it: it changes the default of a variable, or takes the place of one. */
  readonly said?: string
  /** It could be made in the attribute itself, too. */
  readonly elsewhere?: true
}
export interface Editing {
  readonly given?: GivenBy
  /** Values are written out where they are used, whatever variable stands there. */
  readonly here?: boolean
}

/** One after another; why not, when one of them cannot be made in this text. */
export function editText(
  text: string,
  changes: readonly TextChange[],
  read: ReadTree,
  { given = new Map(), here = false }: Editing = {},
): EditedText | string {
  try {
    const marks = new Marks(text, changes, read)
    let found: EditedText = { text, plain: true }
    const said = new Set<string>()
    for (const change of changes) {
      const { pieces, plain, note, home } = read(found.text, ({ rootNode }) => {
        const page = { text: found.text, root: rootNode }
        const own = 'attr' in change ? marks.attribute(page, change.attr) : undefined
        const home = own && homeFor(page, change, own, given, here)
        const note = home && (saidOf(home) ?? replacedBy(change, home.attribute))
        const plain = isPlain(page, change, marks, home)
        return { pieces: piecesOf(page, change, marks, home), plain, note, home: (home?.names.length ?? 0) > 0 }
      })
      marks.shift(pieces)
      if (note !== undefined) said.add(note)
      found = {
        text: replaced(found.text, pieces),
        plain: found.plain && plain,
        ...(home || found.elsewhere ? { elsewhere: true } : {}),
      }
    }
    return said.size > 0 ? { ...found, said: [...said].join('. ') } : found
  } catch (error) {
    if (error instanceof Unwritable) return error.message
    throw error
  }
}

/** The attribute a change is made in: its own, or the one that its variable has its value from. */
function homeFor(page: Page, change: TextChange, own: Node, given: GivenBy, here: boolean): Home {
  const itself = { attribute: own, names: [], elsewhere: 0 }
  if (change.do === 'unset') return itself
  const home = homeOf(page, change.do === 'set' ? ofOne(own) : own, given)
  if (here && change.do === 'set') return itself
  if (change.do !== 'reword' || home.names.length > 0 || holds(own, change)) return home
  const [only, ...more] = homesIn(page, own, given).filter(({ attribute }) => holds(attribute, change))
  return only && more.length === 0 ? only : itself
}

function holds(attribute: Node, change: Reword): boolean {
  try {
    return reworded(attribute, change).length > 0
  } catch (error) {
    if (error instanceof Unwritable) return false
    throw error
  }
}

function replacedBy(change: TextChange, attribute: Node): string | undefined {
  const names = change.do === 'set' ? namesIn(attribute) : []
  return names.length === 0 ? undefined : `It replaces ${names.join(' and ')} by a value that is written out`
}

function piecesOf(page: Page, change: TextChange, marks: Marks, home: Home | undefined): readonly Replacement[] {
  const found = home?.attribute
  switch (change.do) {
    case 'set':
      return found
        ? setValue(found, home.names.length > 0 ? asBefore(found, change.to) : change.to)
        : addAttribute(page, marks.owner(page, change.attr), change.attr.name, change.to)
    case 'unset':
      return takeOut(page, needed(found))
    case 'reword':
      return reworded(needed(found), change)
    case 'include':
      return found
        ? included(page, found, change.item)
        : addAttribute(page, marks.owner(page, change.attr), change.attr.name, [change.item])
    case 'exclude':
      return excluded(page, needed(found), change.item)
    case 'label':
      return relabelled(marks.block(page, change.block), change.to)
    case 'remove':
      return takeOut(page, marks.block(page, change.block))
    case 'add':
      return added(page, marks.block(page, change.block), change.what, change.before)
    case 'move':
      return moved(page, marks.block(page, change.block), marks.block(page, change.into), change.before)
    case 'merge':
      return merged(page, marks.block(page, change.block), marks.block(page, change.into))
  }
}

/** A variable of texts stays one. */
const asBefore = (attribute: Node, to: Written): Written =>
  typeof to === 'number' && valueOf(attribute).text.startsWith('"') ? String(to) : to

const needed = <T>(found: T | undefined): T => {
  if (found === undefined) throw new Unwritable('the attribute is not written out in the file')
  return found
}

/** Names that are filled in where the job runs, not where the file is read. */
const later = /^(?:attr|node|meta|env|device|NOMAD_\w+|var|local)$/

/** A value that a dynamic block makes for each of its members cannot be written for one of them. */
function ofOne(attribute: Node): Node {
  const names = valueOf(attribute).descendantsOfType('variable_expr')
  if (isRepeated(attribute) && names.some((one) => one && !later.test(one.text)))
    throw new Unwritable('a dynamic block makes it for each of its members')
  return attribute
}

/** It stands in a dynamic block: a change there is one of all members. */
function isRepeated(node: Node): boolean {
  for (let at: Node | null = node; at; at = at.parent) if (at.type === 'block' && typeOf(at) === 'dynamic') return true
  return false
}

function isPlain(page: Page, change: TextChange, marks: Marks, home: Home | undefined): boolean {
  const touched = 'attr' in change ? marks.attribute(page, change.attr) : marks.block(page, change.block)
  if (touched && isRepeated(touched)) return false
  if (change.do === 'remove') {
    const { startIndex, endIndex } = marks.block(page, change.block)
    return !commentsIn(page).some((one) => one.startIndex > startIndex && one.endIndex < endIndex)
  }
  if (!home) return true
  // A default that others use as well is more than this attribute.
  if (home.elsewhere > 0) return false
  const computed = valueOf(home.attribute).descendantsOfType('function_call').length > 0
  return change.do !== 'set' || (!computed && namesIn(home.attribute).length === 0)
}

const replaced = (text: string, pieces: readonly Replacement[]): string =>
  pieces
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((all, { start, end, text: by }) => all.slice(0, start) + by + all.slice(end), text)

/** Where the blocks and attributes are that changes speak of: found once, then carried along with the text. */
class Marks {
  readonly #offsets = new Map<Spot | Position, number>()
  constructor(text: string, changes: readonly TextChange[], read: ReadTree) {
    const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
    const offset = ({ line, column }: Position) => (starts[line - 1] ?? text.length) + column - 1
    read(text, ({ rootNode }) => {
      const page = { text, root: rootNode }
      const place = (spot: Spot): number => {
        const at = 'within' in spot ? inner(page, place(spot.within), spot.type, spot.nth) : offset(spot)
        this.#offsets.set(spot, at)
        return at
      }
      for (const change of changes) {
        if ('block' in change) place(change.block)
        if ('into' in change) place(change.into)
        if (!('attr' in change)) continue
        const { block, at } = change.attr
        if (block) place(block)
        if (at) this.#offsets.set(at, offset(at))
      }
    })
  }

  block(page: Page, spot: Spot) {
    return blockAt(page, this.#offset(spot))
  }
  attribute(page: Page, { block, name, at }: Field) {
    if (at) return attributeAt(page, this.#offset(at))
    return block && attributeOf(this.block(page, block), name)
  }
  owner(page: Page, { block }: Field) {
    if (!block) throw new Unwritable('the block is not written out in the file')
    return this.block(page, block)
  }
  #offset(spot: Spot | Position): number {
    const found = this.#offsets.get(spot)
    if (found === undefined || found < 0) throw new Unwritable('an earlier change took it away')
    return found
  }

  shift(pieces: readonly Replacement[]): void {
    for (const [spot, at] of this.#offsets) {
      const gone = pieces.some(({ start, end }) => start <= at && at < end)
      const moved = pieces
        .filter(({ end }) => end <= at)
        .reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0)
      this.#offsets.set(spot, gone ? -1 : at + moved)
    }
  }
}

function inner(page: Page, offset: number, type: string, nth: number): number {
  const found = membersOf(blockAt(page, offset)).filter((one) => typeOf(one) === type)[nth]
  if (!found) throw new Unwritable(`there is no ${type} block there`)
  return found.startIndex
}
