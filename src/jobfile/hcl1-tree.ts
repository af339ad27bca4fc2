/** A text of the older HCL in the nodes of the grammar for the newer, so that both are edited by the same rules. */
import type { HclObject, HclText, HclValue, Item } from './hcl1.ts'
import type { Sketch } from './sketch.ts'

export function sketchOf(text: string, { items, comments }: HclText): Sketch {
  const body = { type: 'body', at: 0, end: text.length, inner: items.map(member) }
  const aside = comments.map(({ at, end }) => ({ type: 'comment', at, end }))
  return { type: 'config_file', at: 0, end: text.length, inner: [body, ...aside] }
}

function member({ keys, value, at, end }: Item): Sketch {
  const [head, ...labels] = keys.map((key) => ({ type: 'string_lit', at: key.at, end: key.end, says: key.name }))
  const type = head ? [{ ...head, type: 'identifier' }] : []
  if (value.kind !== 'object') return { type: 'attribute', at, end, inner: [...type, expression(value)] }
  return { type: 'block', at, end, inner: [...type, ...labels, ...braced(value)] }
}

function braced({ items, at, end }: HclObject): readonly Sketch[] {
  const [first, last] = [items[0], items.at(-1)]
  const body = first && last ? [{ type: 'body', at: first.at, end: last.end, inner: items.map(member) }] : []
  return [{ type: 'block_start', at, end: at + 1 }, ...body, { type: 'block_end', at: end - 1, end }]
}

function expression({ at, end, ...value }: HclValue): Sketch {
  if (value.kind !== 'list') return { type: 'expression', at, end }
  const commas = value.commas.map((comma) => ({ type: ',', at: comma, end: comma + 1 }))
  const items = [...value.items.map(expression), ...commas].toSorted((a, b) => a.at - b.at)
  return { type: 'expression', at, end, inner: [{ type: 'tuple', at, end, inner: items }] }
}
