/** Expressions of the grammar's tree, by node type: grammar `make_grammar.js` of tree-sitter-hcl. */
import type { Expr, Loop } from './ast.ts'
import { children, named, spanOf, type Node } from './tree-node.ts'
import { heredoc, quoted, type Reads } from './tree-template.ts'

/** Deeper than any person nests: beyond it a part counts as not readable, so that no text can exhaust the stack. */
const deepest = 200
let depth = 0

export function expression(node: Node): Expr {
  if (depth > deepest) return unread(node)
  depth++
  try {
    return read(node)
  } finally {
    depth--
  }
}

const unread = (node: Node): Expr => ({ kind: 'unread', text: node.text, span: spanOf(node) })

function read(node: Node): Expr {
  if (node.hasError) return unread(node)
  const span = spanOf(node)
  const parts = named(node)
  switch (node.type) {
    case 'expression':
    case 'literal_value':
    case 'collection_value':
    case 'template_expr':
    case 'operation':
    case 'for_expr':
      return chain(parts, node)
    case 'numeric_lit':
      return { kind: 'literal', value: Number(node.text), span }
    case 'bool_lit':
      return { kind: 'literal', value: node.text === 'true', span }
    case 'null_lit':
      return { kind: 'literal', value: null, span }
    case 'string_lit':
    case 'quoted_template':
      return quoted(node, reads)
    case 'heredoc_template':
      return heredoc(node, reads)
    case 'variable_expr':
      return { kind: 'name', name: node.text, text: node.text, span }
    case 'tuple':
      return { kind: 'list', items: parts.filter(({ type }) => type === 'expression').map(expression), span }
    case 'object':
      return { kind: 'object', items: parts.filter(({ type }) => type === 'object_elem').map(element), span }
    case 'conditional':
      return conditional(node)
    case 'unary_operation':
    case 'binary_operation':
      return operation(node)
    case 'function_call':
      return call(node)
    case 'for_tuple_expr':
    case 'for_object_expr':
      return forExpression(node)
    default:
      return unread(node)
  }
}

/** `a ? b : c ? d : e` is `a ? b : (c ? d : e)` in HCL; the grammar takes its beginning for the test of its end. */
function conditional(node: Node): Expr {
  const results: (readonly [yes: Node, no: Node])[] = []
  let test: Node = node
  for (let at: Node | undefined = node; at; at = bareConditional(test)) {
    const [first, yes, no] = named(at)
    if (!first || !yes || !no || results.length > deepest) return unread(node)
    results.push([yes, no])
    test = first
  }
  const [[, last] = [node, node]] = results
  return results.reduce((no, [yes], i) => {
    const [, before = test] = results[i + 1] ?? []
    const span = spanOf(before, last)
    return { kind: 'if', test: expression(before), yes: expression(yes), no, span }
  }, expression(last))
}

/** Without parentheses around it. */
function bareConditional(node: Node): Node | undefined {
  const [only, more] = children(node)
  return only?.type === 'conditional' && !more ? only : undefined
}

/** A term followed by `.name`, `[key]` and splats. In parentheses the chain is one expression. */
function chain(parts: readonly Node[], whole: Node): Expr {
  const [first, ...steps] = parts
  if (!first) return unread(whole)
  let found = expression(first)
  for (const step of steps) found = followed(found, step, first, whole)
  return found
}

function followed(of: Expr, step: Node, first: Node, whole: Node): Expr {
  const span = spanOf(first, step)
  const text = whole.text.slice(0, step.endIndex - whole.startIndex)
  const [inner] = named(step)
  if (step.type === 'get_attr' || step.type === 'new_index' || step.type === 'legacy_index')
    return { kind: 'index', of, key: keyOf(step), text, span }
  if (step.type === 'index' && inner) return followed(of, inner, first, whole)
  if (step.type === 'splat' && inner) {
    const each = named(inner).map((one) => keyOf(one.type === 'index' ? (named(one)[0] ?? one) : one))
    return { kind: 'splat', of, each, span }
  }
  return unread(whole)
}

function keyOf(step: Node): Expr {
  const [inner] = named(step)
  if (step.type === 'legacy_index') return { kind: 'literal', value: Number(step.text.slice(1)), span: spanOf(step) }
  if (step.type === 'get_attr' && inner) return { kind: 'literal', value: inner.text, span: spanOf(inner) }
  return inner ? expression(inner) : unread(step)
}

/** A bare word as a key is a text; in parentheses it is an expression. */
function element(node: Node): readonly [Expr, Expr] {
  const key = node.childForFieldName('key')
  const value = node.childForFieldName('val')
  if (!key || !value) return [unread(node), unread(node)]
  const bare = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(key.text)
  return [bare ? { kind: 'literal', value: key.text, span: spanOf(key) } : expression(key), expression(value)]
}

function operation(node: Node): Expr {
  const op = children(node).find(({ isNamed, type }) => !isNamed && !/^[().]$/.test(type))?.text ?? ''
  const terms = split(children(node), (child) => !child.isNamed && child.text === op && child.type === op)
  const sides = terms.filter((side) => side.length > 0).map((side) => chain(side, node))
  const [left, right] = sides
  const span = spanOf(node)
  if (node.type === 'unary_operation' && left) return { kind: 'unary', op, of: left, span }
  return left && right ? { kind: 'binary', op, left, right, span } : unread(node)
}

function split(nodes: readonly Node[], at: (node: Node) => boolean): readonly (readonly Node[])[] {
  const groups: Node[][] = [[]]
  for (const node of nodes) {
    if (at(node)) groups.push([])
    else if (node.isNamed) groups.at(-1)?.push(node)
  }
  return groups
}

function call(node: Node): Expr {
  const [name, list] = named(node)
  const parts = list ? named(list) : []
  return {
    kind: 'call',
    name: name?.text ?? '',
    args: parts.filter(({ type }) => type === 'expression').map(expression),
    spread: parts.some(({ type }) => type === 'ellipsis'),
    span: spanOf(node),
  }
}

function forExpression(node: Node): Expr {
  const parts = named(node)
  const intro = parts.find(({ type }) => type === 'for_intro')
  const test = parts.find(({ type }) => type === 'for_cond')
  const results = parts.filter(({ type }) => type === 'expression').map(expression)
  const [first, second] = results
  const loop = intro && loopOf(intro, test && named(test)[0])
  if (!loop || !first) return unread(node)
  const grouped = parts.some(({ type }) => type === 'ellipsis')
  const span = spanOf(node)
  if (node.type === 'for_tuple_expr') return { kind: 'for', loop, value: first, grouped, span }
  return second ? { kind: 'for', loop, key: first, value: second, grouped, span } : unread(node)
}

function loopOf(intro: Node, test?: Node): Loop | undefined {
  const parts = named(intro)
  const names = parts.filter(({ type }) => type === 'identifier').map(({ text }) => text)
  const over = parts.find(({ type }) => type === 'expression')
  return over && { names, over: expression(over), ...(test ? { test: expression(test) } : {}) }
}

const reads: Reads = { expression, loopOf }
