/** HCL as read, before anything is evaluated. Lines and columns count from 1. */

export interface Span {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export type Expr = { readonly span: Span } & (
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Part[]; readonly wrapped: boolean }
  | { readonly kind: 'list'; readonly items: readonly Expr[] }
  | { readonly kind: 'object'; readonly items: readonly (readonly [key: Expr, value: Expr])[] }
  | { readonly kind: 'name'; readonly name: string; readonly text: string }
  | { readonly kind: 'index'; readonly of: Expr; readonly key: Expr; readonly text: string }
  | { readonly kind: 'splat'; readonly of: Expr; readonly each: readonly Expr[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly spread: boolean }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'unary'; readonly op: string; readonly of: Expr }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'for'; readonly loop: Loop; readonly key?: Expr; readonly value: Expr; readonly grouped: boolean }
  | { readonly kind: 'unread'; readonly text: string }
)
export type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>

export interface Loop {
  readonly names: readonly string[]
  readonly over: Expr
  readonly test?: Expr
}

/** A piece of a template. `left` and `right`: a strip marker takes the white space on that side. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly left: boolean; readonly right: boolean } & (
      | { readonly kind: 'value'; readonly value: Expr }
      | { readonly kind: 'if'; readonly test: Expr; readonly yes: readonly Part[]; readonly no: readonly Part[] }
      | { readonly kind: 'for'; readonly loop: Loop; readonly body: readonly Part[] }
    ))

export interface Attribute {
  readonly name: string
  readonly value: Expr
  readonly span: Span
}
export interface BlockSyntax {
  readonly type: string
  readonly labels: readonly string[]
  readonly body: Body
  /** The header line: type and labels. */
  readonly span: Span
}
export interface Body {
  readonly attributes: readonly Attribute[]
  readonly blocks: readonly BlockSyntax[]
}

export interface SyntaxProblem {
  readonly line: number
  readonly column: number
  readonly summary: string
  readonly detail: string
}
