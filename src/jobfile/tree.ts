/** From the tree of the grammar to our own: bodies, blocks, attributes. */
import type { Attribute, BlockSyntax, Body } from './ast.ts'
import { expression } from './tree-expression.ts'
import { named, spanOf, type Node } from './tree-node.ts'

/** The whole file; a JSON-like object at the top has no body. */
export function body(root: Node): Body {
  const node = root.type === 'body' ? root : named(root).find(({ type }) => type === 'body')
  const parts = node ? named(node) : []
  return {
    attributes: parts.filter(({ type }) => type === 'attribute').map(attribute),
    blocks: parts.filter(({ type }) => type === 'block').map(block),
  }
}

function attribute(node: Node): Attribute {
  const [name, value] = named(node)
  return {
    name: name?.text ?? '',
    value: value ? expression(value) : { kind: 'unread', text: node.text, span: spanOf(node) },
    span: spanOf(node),
  }
}

function block(node: Node): BlockSyntax {
  const parts = named(node)
  const head = parts.filter(({ type }) => type === 'identifier' || type === 'string_lit')
  const [type, ...labels] = head
  const inner = parts.find((part) => part.type === 'body')
  return {
    type: type?.text ?? '',
    labels: labels.map((label) => (label.type === 'identifier' ? label.text : label.text.slice(1, -1))),
    body: inner ? body(inner) : { attributes: [], blocks: [] },
    span: spanOf(type ?? node, head.at(-1) ?? node),
  }
}
