/** From the older HCL to our own bodies: whatever has braces is a block, with or without a sign before it. */
import type { Attribute, BlockSyntax, Body, Expr, Span } from './ast.ts'
import type { HclValue, Item } from './hcl1.ts'
import type { Position } from './positions.ts'

export interface Written {
  readonly text: string
  readonly position: (offset: number) => Position
}

/** Blocks whose values are texts: what is written there counts, `1.10` with its zero. */
const texts = new Set(['meta', 'options', 'chroot_env', 'http_api_response_headers', 'datadog_tags'])

export function bodyOf(items: readonly Item[], written: Written, within = ''): Body {
  const span = (at: number, end: number): Span => spanOf(written, at, end)
  const attributes: Attribute[] = []
  const blocks: BlockSyntax[] = []
  for (const { keys, value, at, end } of items) {
    const [name = '', ...labels] = keys.map((key) => key.name)
    if (value.kind === 'object') {
      const head = span(at, keys.at(-1)?.end ?? end)
      const body = bodyOf(value.items, written, name)
      const inner = unlabelled.has(name.toLowerCase()) ? nested(labels, body, head) : undefined
      blocks.push({ type: name, labels: inner ? [] : labels, body: inner ?? body, span: head })
    } else {
      const own = expression(value, written, texts.has(within.toLowerCase()))
      attributes.push({ name, value: own, span: span(at, end) })
    }
  }
  return { attributes, blocks }
}

/** Blocks without labels: what stands there is a block in them. */
const unlabelled = new Set(['client', 'server', 'ports', 'addresses', 'advertise'])
const nested = ([type, ...labels]: readonly string[], body: Body, span: Span): Body | undefined =>
  type === undefined ? undefined : { attributes: [], blocks: [{ type, labels, body, span }] }

function expression(value: HclValue, written: Written, asText: boolean): Expr {
  const span = spanOf(written, value.at, value.end)
  switch (value.kind) {
    case 'literal': {
      const { value: own } = value
      return { kind: 'literal', value: asText && typeof own === 'number' ? textAt(written, value) : own, span }
    }
    case 'list':
      return { kind: 'list', items: value.items.map((one) => expression(one, written, asText)), span }
    case 'object': {
      const items = value.items.map(({ keys, value: inner }): readonly [Expr, Expr] => {
        const names = keys.map(({ name }) => name).join(' ')
        return [{ kind: 'literal', value: names, span }, expression(inner, written, asText)]
      })
      return { kind: 'object', items, span }
    }
  }
}

const textAt = ({ text }: Written, { at, end }: HclValue): string => text.slice(at, end)

function spanOf({ position }: Written, at: number, end: number): Span {
  const to = position(end)
  return { ...position(at), endLine: to.line, endColumn: to.column }
}
