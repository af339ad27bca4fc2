/** Evaluated blocks to objects of the API, each remembered with the place it stands at. */
import type { Span } from './ast.ts'
import { booleans, durations, lists, numbers, type Inner, type Shape } from './api-shape.ts'
import type { Attr, Block } from './block.ts'
import { duration } from './duration.ts'
import { markOfBlock, type Holes } from './holes.ts'
import { asNumber, hole, isList, isMap, NotEvaluable, spoken, type Value } from './value.ts'

export type Json = Record<string, unknown>
/** Where a block and its attributes stand; attributes by their name in the file. */
export interface Place {
  readonly block: Span
  readonly attrs: Readonly<Record<string, Span>>
}
export interface Made {
  readonly holes: Holes
  readonly places: Map<object, Place>
}

export function objectOf(block: Block, shape: Shape, made: Made): Json {
  const found: Json = {}
  if (shape.label !== undefined) found[shape.label] = block.labels[0] ?? ''
  for (const [name, attr] of block.attrs) {
    const inner = shape.blocks?.[name]
    const here = { ...made, holes: beside(name, made).holes.at(name, attr.span) }
    // Maps may be written as attributes, too.
    if (inner && inner.as !== 'many' && inner.as !== 'one') found[inner.field] = free(attr.value, inner.as, found, here)
    else put(found, shape.names?.[name] ?? pascal(name), name, attr.value, here)
  }
  for (const inner of block.blocks) add(found, inner, shape.blocks?.[inner.type], beside(inner.type, made))
  for (const { type, why, at } of block.open) found[markOfBlock] = made.holes.at(type, at).mark(why)
  made.places.set(found, { block: block.span, attrs: spansOf(block.attrs) })
  return found
}

/** Blocks that say nothing of networking: what is not known in them leaves no fault open. */
const aside = new Set(
  'meta canary_meta update restart reschedule migrate artifact logs scaling ephemeral_disk'.split(' '),
)
const beside = (name: string, made: Made): Made => (aside.has(name) ? { ...made, holes: made.holes.aside() } : made)

function add(found: Json, block: Block, inner: Inner | undefined, made: Made): void {
  if (!inner) return
  const { field, as } = inner
  if (as === 'one') found[field] = objectOf(block, inner.shape ?? {}, made)
  else if (as === 'many')
    found[field] = [...((found[field] as Json[] | undefined) ?? []), objectOf(block, inner.shape ?? {}, made)]
  else {
    const value = { ...(found[field] as Json | undefined), ...freeBlock(block, as, found, made) }
    const before = made.places.get(found[field] as object)
    made.places.set(value, { block: block.span, attrs: { ...before?.attrs, ...spansOf(block.attrs) } })
    found[field] = value
  }
}

const spansOf = (attrs: ReadonlyMap<string, Attr>): Readonly<Record<string, Span>> =>
  Object.fromEntries([...attrs].map(([name, { span }]) => [name, span]))

/** `local_bind_port` is `LocalBindPort`. */
const pascal = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

function put(found: Json, field: string, name: string, value: Value, { holes }: Made): void {
  if (value === null) return
  const missing = hole(value)
  if (numbers.has(name)) {
    const number = missing ?? asNumber(value)
    found[field] = number instanceof NotEvaluable ? holes.number(number) : number
  } else if (booleans.has(name) || durations.has(name)) {
    if (missing) found[markOfBlock] = holes.mark(missing)
    else found[field] = booleans.has(name) ? value === true || value === 'true' : (duration(spoken(value)) ?? 0)
  } else if (value instanceof NotEvaluable) found[field] = lists.has(name) ? holes.list(value) : holes.text(value)
  else
    found[field] =
      isList(value) || isMap(value) ? deep(value, holes) : typeof value === 'boolean' ? value : spoken(value)
}

/** A value as data; parts that are not evaluable stand as texts. */
function deep(value: Value, holes: Holes): unknown {
  if (value instanceof NotEvaluable) return holes.text(value)
  if (isList(value)) return value.map((one) => deep(one, holes))
  return isMap(value) ? Object.fromEntries([...value].map(([key, one]) => [key, deep(one, holes)])) : value
}

/** An attribute that holds what a block of texts or of anything would hold. */
function free(value: Value, as: Inner['as'], owner: Json, { holes }: Made): Json {
  if (!isMap(value)) {
    if (value instanceof NotEvaluable) owner[markOfBlock] = holes.mark(value)
    return {}
  }
  const found = deep(value, holes) as Json
  return as === 'map' ? texts(found) : found
}

const texts = (found: Json): Json =>
  Object.fromEntries(
    Object.entries(found)
      .filter(([, one]) => one !== null)
      .map(([key, one]) => [key, typeof one === 'string' || typeof one === 'object' ? one : JSON.stringify(one)]),
  )

/** A driver's config, or a map: nested blocks are lists of maps, under their labels if they have some. */
function freeBlock(block: Block, as: Inner['as'], owner: Json, made: Made): Json {
  const found: Json = {}
  for (const [name, { value, span }] of block.attrs) found[name] = deep(value, made.holes.at(name, span))
  for (const inner of block.blocks) {
    const value = freeBlock(inner, 'free', owner, made)
    made.places.set(value, { block: inner.span, attrs: spansOf(inner.attrs) })
    const labelled = inner.labels.reduceRight<Json>((all, label) => ({ [label]: [all] }), value)
    found[inner.type] = [...((found[inner.type] as Json[] | undefined) ?? []), labelled]
  }
  for (const { type, why, at } of block.open) owner[markOfBlock] = made.holes.at(type, at).mark(why)
  return as === 'map' ? texts(found) : found
}
