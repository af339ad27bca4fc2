import type { Span } from './ast.ts'

/** What is read of a node of a syntax tree, whichever grammar made it; offsets in UTF-16 units, rows from 0. */
export interface Node {
  readonly id: number
  readonly type: string
  readonly text: string
  readonly startIndex: number
  readonly endIndex: number
  readonly startPosition: { readonly row: number; readonly column: number }
  readonly endPosition: { readonly row: number; readonly column: number }
  readonly isNamed: boolean
  readonly hasError: boolean
  readonly parent: Node | null
  readonly children: readonly (Node | null)[]
  readonly namedChildren: readonly (Node | null)[]
  readonly firstNamedChild: Node | null
  readonly nextNamedSibling: Node | null
  childForFieldName(name: string): Node | null
  descendantForIndex(at: number): Node | null
  descendantsOfType(type: string): readonly (Node | null)[]
}
type Placed = Pick<Node, 'startPosition' | 'endPosition'>
export interface Tree {
  readonly rootNode: Node
}

/** The tree is only there for the reader; that of the last text is kept, as a file is read, edited and read again. */
export type ReadTree = <T>(text: string, reader: (tree: Tree) => T) => T

export function spanOf(first: Placed, last: Placed = first): Span {
  const [start, end] = [first.startPosition, last.endPosition]
  return { line: start.row + 1, column: start.column + 1, endLine: end.row + 1, endColumn: end.column + 1 }
}

type Typed = { readonly type: string }
const said = <N extends Typed>(all: readonly (N | null)[]): readonly N[] =>
  all.filter((child): child is N => child !== null && child.type !== 'comment')
export const named = <N extends Typed>(node: { readonly namedChildren: readonly (N | null)[] }): readonly N[] =>
  said(node.namedChildren)
export const children = <N extends Typed>(node: { readonly children: readonly (N | null)[] }): readonly N[] =>
  said(node.children)
