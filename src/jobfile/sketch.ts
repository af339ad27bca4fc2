/** Syntax trees of our own making: sketches of what stands where, and the nodes that readers and edits take them for. */
import { positionsIn } from './positions.ts'
import type { Node, Tree } from './tree-node.ts'

/** A node to be: offsets in UTF-16 units, types as in the grammar `make_grammar.js` of tree-sitter-hcl. */
export interface Sketch {
  readonly type: string
  readonly at: number
  readonly end: number
  readonly inner?: readonly Sketch[]
  /** What it says, where that is not what is written. */
  readonly says?: string
}

export function treeOf(text: string, whole: Sketch): Tree {
  let position: ReturnType<typeof positionsIn> | undefined
  const place = (offset: number) => {
    const { line, column } = (position ??= positionsIn(text))(offset)
    return { row: line - 1, column: column - 1 }
  }
  return { rootNode: new Grown(whole, { text, place, made: 0 }, null) }
}

interface Page {
  readonly text: string
  readonly place: (offset: number) => { readonly row: number; readonly column: number }
  made: number
}

/** Signs and words that are written out in the grammar have no name there. */
const unnamed = /^(?:[^a-z]|(?:for|in|if|else|endif|endfor|true|false)$)/

/** Most nodes are never looked at, so each is made when it is. */
class Grown implements Node {
  readonly id: number
  readonly parent: Grown | null
  readonly #sketch: Sketch
  readonly #page: Page
  #children: readonly Grown[] | undefined
  #named: readonly Grown[] | undefined
  constructor(sketch: Sketch, page: Page, parent: Grown | null) {
    this.id = page.made++
    this.parent = parent
    this.#sketch = sketch
    this.#page = page
  }
  get type(): string {
    return this.#sketch.type
  }
  get text(): string {
    const { at, end, says } = this.#sketch
    return says ?? this.#page.text.slice(at, end)
  }
  get startIndex(): number {
    return this.#sketch.at
  }
  get endIndex(): number {
    return this.#sketch.end
  }
  get startPosition() {
    return this.#page.place(this.startIndex)
  }
  get endPosition() {
    return this.#page.place(this.endIndex)
  }
  get hasError(): boolean {
    return false
  }
  get isNamed(): boolean {
    return !unnamed.test(this.type)
  }
  get children(): readonly Grown[] {
    return (this.#children ??= (this.#sketch.inner ?? []).map((one) => new Grown(one, this.#page, this)))
  }
  get namedChildren(): readonly Grown[] {
    return (this.#named ??= this.children.filter(({ isNamed }) => isNamed))
  }
  get firstNamedChild(): Grown | null {
    return this.namedChildren[0] ?? null
  }
  get nextNamedSibling(): Grown | null {
    const beside = this.parent?.children ?? []
    const own = beside.indexOf(this)
    return beside.find(({ isNamed }, i) => i > own && isNamed) ?? null
  }
  /** The grammar names parts of elements alone. */
  childForFieldName(name: string): Grown | null {
    if (this.type !== 'object_elem' || !['key', 'val'].includes(name)) return null
    return this.children.at(name === 'key' ? 0 : -1) ?? null
  }
  descendantForIndex(at: number): Grown | null {
    const inside = this.children.find(({ startIndex, endIndex }) => startIndex <= at && at < endIndex)
    return inside?.descendantForIndex(at) ?? (this.startIndex <= at && at <= this.endIndex ? this : null)
  }
  descendantsOfType(type: string): readonly Grown[] {
    const found: Grown[] = []
    const look = (node: Grown): void => {
      if (node.type === type) found.push(node)
      for (const child of node.children) look(child)
    }
    look(this)
    return found
  }
}
