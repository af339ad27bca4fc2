/**
 * The grammar of the older HCL, in which agents read their files: commas between the items of an object are as good as
 * none, keys may be quoted, nothing is evaluated. Source: github.com/hashicorp/hcl 1.0.1, hcl/parser/parser.go.
 */
import { valueOf } from './hcl1-literal.ts'
import { scan, type Token, type TokenKind, type Wrong } from './hcl1-scan.ts'
import { positionsIn, type Position } from './positions.ts'

interface Piece {
  readonly at: number
  readonly end: number
}
export interface Key extends Piece {
  readonly name: string
}
/** `key = value`, `key {…}` or `key "label" {…}`. */
export interface Item extends Piece {
  readonly keys: readonly Key[]
  readonly value: HclValue
}
export interface HclObject extends Piece {
  readonly kind: 'object'
  readonly items: readonly Item[]
}
export type HclValue =
  | HclObject
  | (Piece & { readonly kind: 'literal'; readonly value: string | number | boolean })
  | (Piece & { readonly kind: 'list'; readonly items: readonly HclValue[]; readonly commas: readonly number[] })
export interface HclText {
  readonly items: readonly Item[]
  readonly comments: readonly Piece[]
}

/** What a text says, or what is wrong with it and where, in HCL's own words. */
export function parseHcl1(text: string): HclText | Wrong {
  const reader = new Reader(text)
  try {
    return { items: reader.whole(), comments: reader.comments }
  } catch (error) {
    if (error instanceof Refused) return reader.wrong ?? error
    throw error
  }
}

class Refused extends Error implements Wrong {
  readonly at: number
  readonly says: string
  constructor(at: number, says: string) {
    super(says)
    this.at = at
    this.says = says
  }
}
/** The text ends where a value is to come: HCL takes that for its end. */
class Ended extends Error {}

/** Deeper than any file, and less than the stack holds. */
const deepest = 300

const literals: ReadonlySet<TokenKind> = new Set<TokenKind>(['NUMBER', 'FLOAT', 'BOOL', 'STRING', 'HEREDOC'])

class Reader {
  wrong: Wrong | undefined
  readonly comments: Piece[] = []
  readonly #text: string
  readonly #position: (offset: number) => Position
  #next = 0
  #token: Token = { kind: 'ILLEGAL', text: '', at: 0, end: 0 }
  #kept = false
  #depth = 0
  constructor(text: string) {
    this.#text = text
    this.#position = positionsIn(text)
  }

  whole(): readonly Item[] {
    const items = this.#items(false)
    if (this.wrong) throw new Refused(this.wrong.at, this.wrong.says)
    return items
  }

  #scan(): Token {
    if (this.#kept) {
      this.#kept = false
      return this.#token
    }
    do {
      this.#token = scan(this.#text, this.#next)
      this.#next = this.#token.end
      this.wrong = this.#token.wrong ?? this.wrong
      if (this.#token.kind === 'COMMENT') this.comments.push({ at: this.#token.at, end: this.#token.end })
    } while (this.#token.kind === 'COMMENT')
    return this.#token
  }
  #peek(): Token {
    const token = this.#scan()
    this.#kept = true
    return token
  }

  /** Up to the end of the text, or to a closing brace. What stands before a mistake is kept. */
  #items(inside: boolean, items: Item[] = []): readonly Item[] {
    for (;;) {
      if (inside && this.#peek().kind === 'RBRACE') break
      try {
        items.push(this.#item())
      } catch (error) {
        if (error instanceof Ended) break
        throw error
      }
      if (this.#peek().kind === 'COMMA') this.#scan()
    }
    return items
  }

  #item(): Item {
    const keys = this.#keys()
    const at = keys[0]?.at ?? this.#token.at
    if (this.#token.kind !== 'ASSIGN' && this.#token.kind !== 'LBRACE') {
      const spelt = keys.map((key) => this.#text.slice(key.at, key.end)).join(' ')
      throw new Refused(this.#token.at, `key '${spelt}' expected start of object ('{') or assignment ('=')`)
    }
    const value = this.#token.kind === 'ASSIGN' ? this.#value() : this.#object()
    this.#peek()
    return { keys, value, at, end: value.end }
  }

  #keys(): readonly Key[] {
    const keys: Key[] = []
    for (;;) {
      const token = this.#scan()
      const { kind, at, end } = token
      if (kind === 'IDENT' || kind === 'STRING') keys.push({ name: String(valueOf(token) ?? token.text), at, end })
      else if (kind === 'EOF') {
        if (keys.length === 0) throw new Ended()
        return keys
      } else if (kind === 'ASSIGN') {
        if (keys.length > 1) throw new Refused(at, 'nested object expected: LBRACE got: ASSIGN')
        if (keys.length === 0) throw new Refused(at, 'no object keys found!')
        return keys
      } else if (kind === 'LBRACE') {
        if (keys.length === 0) throw new Refused(at, 'expected: IDENT | STRING got: LBRACE')
        return keys
      } else if (kind === 'RBRACE' && keys.length > 0) {
        // The brace counts no more: it closes nothing.
        this.#token = { ...token, kind: 'EOF' }
        return keys
      } else {
        const says =
          kind === 'ILLEGAL' ? 'illegal character' : `expected: IDENT | STRING | ASSIGN | LBRACE got: ${kind}`
        throw new Refused(at, says)
      }
    }
  }

  #value(): HclValue {
    const token = this.#scan()
    const { kind, at } = token
    if (literals.has(kind)) return this.#literal(token)
    if (kind === 'LBRACE') return this.#object()
    if (kind === 'LBRACK') return this.#list()
    if (kind === 'EOF') throw new Ended()
    throw new Refused(at, `Unknown token: ${this.#placeOf(at)} ${kind} ${token.text}`)
  }

  #literal(token: Token): HclValue {
    const value = valueOf(token)
    if (value === undefined && !token.wrong) throw new Refused(token.at, `invalid syntax: ${token.text}`)
    // The line break behind a heredoc is no part of it.
    const end = token.kind === 'HEREDOC' ? token.at + token.text.trimEnd().length : token.end
    return { kind: 'literal', value: value ?? '', at: token.at, end }
  }

  #deeper<T>(at: number, read: () => T): T {
    if (this.#depth >= deepest) throw new Refused(at, 'It is nested too deeply.')
    this.#depth++
    try {
      return read()
    } finally {
      this.#depth--
    }
  }

  #object(): HclObject {
    const { at } = this.#token
    const items: Item[] = []
    try {
      this.#deeper(at, () => this.#items(true, items))
    } catch (error) {
      if (!(error instanceof Refused) || this.#token.kind !== 'RBRACE') throw error
    }
    const { kind, at: last, end } = this.#scan()
    if (kind !== 'RBRACE') throw new Refused(last, `object expected closing RBRACE got: ${kind}`)
    return { kind: 'object', items, at, end }
  }

  #list(): HclValue {
    const { at } = this.#token
    const items: HclValue[] = []
    const commas: number[] = []
    for (let comma = false; ;) {
      const token = this.#scan()
      const { kind } = token
      if (comma && kind !== 'COMMA' && kind !== 'RBRACK')
        throw new Refused(token.at, `error parsing list, expected comma or list end, got: ${kind}`)
      if (kind === 'RBRACK') return { kind: 'list', items, commas, at, end: token.end }
      if (kind === 'COMMA') {
        commas.push(token.at)
        this.#peek()
        comma = false
        continue
      }
      const inner = kind === 'LBRACE' ? 'object' : kind === 'LBRACK' ? 'list' : undefined
      if (inner) items.push(this.#within(inner, token))
      else if (literals.has(kind)) items.push(this.#literal(token))
      else throw new Refused(token.at, `unexpected token while parsing list: ${kind}`)
      comma = kind !== 'LBRACK'
    }
  }

  #within(kind: 'object' | 'list', { at }: Token): HclValue {
    try {
      return this.#deeper(at, () => (kind === 'object' ? this.#object() : this.#list()))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const says = `At ${this.#placeOf(error.at)}: ${error.says}`
      throw new Refused(at, `error while trying to parse ${kind} within list: ${says}`)
    }
  }

  #placeOf(offset: number): string {
    const { line, column } = this.#position(offset)
    return `${line}:${column}`
  }
}
