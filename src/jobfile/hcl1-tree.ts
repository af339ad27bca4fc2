/** A text of the older HCL in the nodes of the grammar for the newer, so that both are edited by the same rules. */
import type { HclObject, HclText, HclValue, Item } from './hcl1.ts'
import { positionsIn, type Position } from './positions.ts'
import type { Node, Tree } from './tree-node.ts'

interface Sketch {
  readonly type: string
  readonly at: number
  readonly end: number
  readonly inner?: readonly Sketch[]
  /** What it says, where that is not what is written. */
  readonly says?: string
}

export function treeOf(text: string, { items, comments }: HclText): Tree {
  const page = { text, position: positionsIn(text), made: 0 }
  const body = { type: 'body', at: 0, end: text.length, inner: items.map(member) }
  const aside = comments.map(({ at, end }) => ({ type: 'comment', at, end }))
  const whole = { type: 'config_file', at: 0, end: text.length, inner: [body, ...aside] }
  return { rootNode: new Grown(whole, page, null) }
}

function member({ keys, value, at, end }: Item): Sketch {
  const [head, ...labels] = keys.map((key) => ({ type: 'string_lit', at: key.at, end: key.end, says: key.name }))
  const type = head ? [{ ...head, type: 'identifier' }] : []
  if (value.kind !== 'object') return { type: 'attribute', at, end, inner: [...type, expression(value)] }
  return { type: 'block', at, end, inner: [...type, ...labels, ...braced(value)] }
}

function braced({ items, at, end }: HclObject): readonly Sketch[] {
  const [first, last] = [items[0], items.at(-1)]
  const body = first && last ? [{ type: 'body', at: first.at, end: last.end, inner: items.map(member) }] : []
  return [{ type: 'block_start', at, end: at + 1 }, ...body, { type: 'block_end', at: end - 1, end }]
}

function expression({ at, end, ...value }: HclValue): Sketch {
  if (value.kind !== 'list') return { type: 'expression', at, end }
  const commas = value.commas.map((comma) => ({ type: ',', at: comma, end: comma + 1 }))
  const items = [...value.items.map(expression), ...commas].toSorted((a, b) => a.at - b.at)
  return { type: 'expression', at, end, inner: [{ type: 'tuple', at, end, inner: items }] }
}

interface Growing {
  readonly text: string
  readonly position: (offset: number) => Position
  made: number
}

class Grown implements Node {
  readonly id: number
  readonly type: string
  readonly text: string
  readonly startIndex: number
  readonly endIndex: number
  readonly parent: Grown | null
  readonly children: readonly Grown[]
  readonly #position: (offset: number) => Position
  constructor({ type, at, end, inner = [], says }: Sketch, page: Growing, parent: Grown | null) {
    this.id = page.made++
    this.type = type
    this.text = says ?? page.text.slice(at, end)
    this.startIndex = at
    this.endIndex = end
    this.parent = parent
    this.#position = page.position
    this.children = inner.map((one) => new Grown(one, page, this))
  }
  get startPosition() {
    return this.#place(this.startIndex)
  }
  get endPosition() {
    return this.#place(this.endIndex)
  }
  #place(offset: number) {
    const { line, column } = this.#position(offset)
    return { row: line - 1, column: column - 1 }
  }
  get namedChildren(): readonly Grown[] {
    return this.children.filter(({ type }) => type !== ',')
  }
  get firstNamedChild(): Grown | null {
    return this.namedChildren[0] ?? null
  }
  get nextNamedSibling(): Grown | null {
    const beside = this.parent?.namedChildren ?? []
    return beside[beside.indexOf(this) + 1] ?? null
  }
  descendantForIndex(at: number): Grown | null {
    const inside = this.children.find(({ startIndex, endIndex }) => startIndex <= at && at < endIndex)
    return inside?.descendantForIndex(at) ?? (this.startIndex <= at && at <= this.endIndex ? this : null)
  }
  descendantsOfType(type: string): readonly Grown[] {
    const deeper = this.children.flatMap((one) => one.descendantsOfType(type))
    return this.type === type ? [this, ...deeper] : deeper
  }
}
