/** JSON with positions. */
import type { Span, SyntaxProblem } from './ast.ts'
import { positionsIn, type Position } from './positions.ts'

export type Node = { readonly span: Span } & (
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
)
export interface Member {
  readonly name: string
  readonly value: Node
  /** From the name to the end of the value. */
  readonly span: Span
}

const deepest = 500

/** The tree, or what is wrong with the text. Strict, as encoding/json is. */
export const jsonTree = (text: string): Node | SyntaxProblem => treeOf(text, false)

/**
 * The same as agents read it: with commas before a closing bracket, and whatever may follow the whole. Source:
 * github.com/hashicorp/hcl 1.0.1, json/parser/parser.go.
 */
export const looseTree = (text: string): Node | SyntaxProblem => treeOf(text, true)

function treeOf(text: string, loose: boolean): Node | SyntaxProblem {
  const position = positionsIn(text)
  try {
    return new Reader(text, position, loose).whole()
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return { ...position(error.at), summary: 'Invalid JSON', detail: error.message }
  }
}

class Wrong extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

class Reader {
  readonly #text: string
  readonly #position: (offset: number) => Position
  readonly #loose: boolean
  #at = 0
  #depth = 0
  constructor(text: string, position: (offset: number) => Position, loose: boolean) {
    this.#text = text
    this.#loose = loose
    this.#position = position
  }

  whole(): Node {
    const node = this.#node()
    this.#space()
    if (!this.#loose && this.#at < this.#text.length)
      throw new Wrong(this.#at, 'There is more text after the end of the value.')
    return node
  }

  #span(start: number): Span {
    const from = this.#position(start)
    const to = this.#position(this.#at)
    return { ...from, endLine: to.line, endColumn: to.column }
  }
  #space(): void {
    while (/^[ \t\r\n]$/.test(this.#text[this.#at] ?? '')) this.#at++
  }
  #take(mark: string): boolean {
    this.#space()
    const there = this.#text[this.#at] === mark
    if (there) this.#at++
    return there
  }
  #need(mark: string): void {
    if (!this.#take(mark)) throw new Wrong(this.#at, `"${mark}" is expected here.`)
  }

  #node(): Node {
    this.#space()
    const start = this.#at
    if (this.#depth++ > deepest) throw new Wrong(start, 'It is nested too deeply.')
    try {
      if (this.#take('{')) return { kind: 'object', members: this.#members(), span: this.#span(start) }
      if (this.#take('[')) return { kind: 'list', items: this.#items(), span: this.#span(start) }
      return { kind: 'value', value: this.#scalar(), span: this.#span(start) }
    } finally {
      this.#depth--
    }
  }

  #members(): readonly Member[] {
    const members: Member[] = []
    if (this.#take('}')) return members
    do {
      if (this.#loose && this.#take('}')) return members
      this.#space()
      const start = this.#at
      if (this.#text[start] !== '"') throw new Wrong(start, 'A name in double quotes is expected here.')
      const name = String(this.#scalar())
      this.#need(':')
      const value = this.#node()
      members.push({ name, value, span: this.#span(start) })
    } while (this.#take(','))
    this.#need('}')
    return members
  }

  #items(): readonly Node[] {
    const items: Node[] = []
    if (this.#take(']')) return items
    do {
      while (this.#loose && this.#take(','));
      if (this.#loose && this.#take(']')) return items
      items.push(this.#node())
    } while (this.#take(','))
    this.#need(']')
    return items
  }

  #scalar(): string | number | boolean | null {
    const token = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y
    token.lastIndex = this.#at
    const [found] = token.exec(this.#text) ?? []
    if (found === undefined) throw new Wrong(this.#at, 'A value is expected here.')
    try {
      const value = JSON.parse(found) as string | number | boolean | null
      this.#at += found.length
      return value
    } catch {
      throw new Wrong(this.#at, 'This text or number is not valid JSON.')
    }
  }
}
