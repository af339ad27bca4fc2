/** Jobs in JSON: as the API has them, or HCL's own JSON spelling. */
import type { Json, Place } from './api.ts'
import { job as jobShape, type Inner, type Shape } from './api-shape.ts'
import type { Attribute, BlockSyntax, Body, Expr, Span } from './ast.ts'
import type { Member, Node } from './json-text.ts'

const member = (node: Node | undefined, name: string): Node | undefined =>
  node?.kind === 'object' ? node.members.find((one) => one.name === name)?.value : undefined

/** `{"Job": {…}}` or the job itself. */
export function apiJob(root: Node): Node | undefined {
  const inner = member(root, 'Job') ?? root
  return member(inner, 'ID') && member(inner, 'TaskGroups') ? inner : undefined
}

/** Names of the API that the job file spells otherwise. */
const spelt: Readonly<Record<string, string>> = {
  PortLabel: 'port',
  TaskName: 'task',
  Value: 'static',
  LTarget: 'attribute',
  RTarget: 'value',
  Operand: 'operator',
  DestPath: 'destination',
  EmbeddedTmpl: 'data',
  SourcePath: 'source',
  Envvars: 'env',
}
const snake = (name: string): string => spelt[name] ?? name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** How the API calls an attribute of the job file. */
export const apiName = (name: string): string =>
  Object.entries(spelt).find(([, own]) => own === name)?.[0] ??
  name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** A tree as data, each object remembered with its place. */
export function dataOf(node: Node, places: Map<object, Place>): unknown {
  if (node.kind === 'value') return node.value
  if (node.kind === 'list') return node.items.map((item) => dataOf(item, places))
  const found: Json = Object.fromEntries(node.members.map(({ name, value }) => [name, dataOf(value, places)]))
  const { line, column } = node.span
  const attrs = Object.fromEntries(
    node.members.flatMap(({ name, span }) => [[name, span] as const, [snake(name), span] as const]),
  )
  places.set(found, { block: { line, column, endLine: line, endColumn: column + 1 }, attrs })
  return found
}

const top: Shape = {
  blocks: {
    job: { field: 'job', as: 'many', shape: { ...jobShape, label: 'ID' } },
    variable: { field: 'variable', as: 'many', shape: { label: 'name' } },
    locals: { field: 'locals', as: 'one' },
  },
}

/** HCL in JSON: which members are blocks, and which of these have labels, the shape tells. Texts are templates. */
export const bodyOf = (root: Node, template: (text: string) => Expr, shape: Shape = top): Body =>
  body(root, shape, template)

function body(node: Node, shape: Shape, template: (text: string) => Expr): Body {
  const attributes: Attribute[] = []
  const blocks: BlockSyntax[] = []
  for (const one of node.kind === 'object' ? node.members : []) {
    const inner = shape.blocks?.[one.name]
    // A map is an attribute only where it is put together.
    const block = inner && (inner.as === 'many' || inner.as === 'one' || one.value.kind === 'object')
    if (block) blocks.push(...blocksOf(one, inner, template))
    else attributes.push({ name: one.name, value: expression(one.value, template), span: one.span })
  }
  return { attributes, blocks }
}

function blocksOf(
  { name, value, span }: Member,
  { shape = {} }: Inner,
  template: (text: string) => Expr,
): readonly BlockSyntax[] {
  const bodies = value.kind === 'list' ? value.items : [value]
  const head = (at: Span): Span => ({ ...at, endLine: at.line, endColumn: at.column + name.length + 2 })
  if (shape.label === undefined)
    return bodies.map((one) => ({
      type: name,
      labels: [],
      body: body(one, shape, template),
      span: head(value.kind === 'list' ? one.span : span),
    }))
  return bodies.flatMap((labelled) =>
    labelled.kind !== 'object'
      ? []
      : labelled.members.flatMap((label) => {
          const inner = label.value.kind === 'list' ? label.value.items : [label.value]
          const at = { ...label.span, endLine: label.span.line, endColumn: label.span.column + label.name.length + 2 }
          return inner.map((one) => ({ type: name, labels: [label.name], body: body(one, shape, template), span: at }))
        }),
  )
}

function expression(node: Node, template: (text: string) => Expr): Expr {
  const { span } = node
  if (node.kind === 'list') return { kind: 'list', items: node.items.map((item) => expression(item, template)), span }
  if (node.kind === 'object') {
    const items = node.members.map(
      ({ name, value }) => [{ kind: 'literal', value: name, span }, expression(value, template)] as const,
    )
    return { kind: 'object', items, span }
  }
  return typeof node.value === 'string' && /[$%]\{/.test(node.value)
    ? { ...template(node.value), span }
    : { kind: 'literal', value: node.value, span }
}
