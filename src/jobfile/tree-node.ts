import type { Node } from 'web-tree-sitter'
import type { Span } from './ast.ts'

export function spanOf(first: Node, last: Node = first): Span {
  return {
    line: first.startPosition.row + 1,
    column: first.startPosition.column + 1,
    endLine: last.endPosition.row + 1,
    endColumn: last.endPosition.column + 1,
  }
}

export const named = (node: Node): readonly Node[] =>
  node.namedChildren.filter((child) => child !== null && child.type !== 'comment')
export const children = (node: Node): readonly Node[] =>
  node.children.filter((child) => child !== null && child.type !== 'comment')
