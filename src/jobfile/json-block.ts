/** Blocks of a job in JSON: what holds them, and a new one as the file spells it. */
import type { JSONPath } from 'jsonc-parser'
import { job, type Inner, type Shape } from './api-shape.ts'
import type { NewBlock, Written } from './change.ts'
import { apiName } from './json-job.ts'
import { refuse } from './json-refuse.ts'

type Json = Record<string, unknown>

/** The kind of block that a path leads to in a job of the API. */
export function shapeAt(path: JSONPath): Shape {
  const steps = path.filter((step) => typeof step === 'string')
  return steps.slice(steps[0] === 'Job' ? 1 : 0).reduce<Shape>((shape, step) => {
    const found = Object.values(shape.blocks ?? {}).find(({ field }) => field === step)
    return found?.shape ?? (found ? {} : refuse('where it stands in the file is not known'))
  }, job)
}

export const innerOf = (shape: Shape, type: string): Inner =>
  shape.blocks?.[type] ?? refuse(`a ${type} block has no place there`)

/** A new block as the API has it. */
export function asApi({ labels = [], attrs = [], blocks = [], heredoc }: NewBlock, { as, shape = {} }: Inner): Json {
  const own = (name: string): string => (as === 'map' || as === 'free' ? name : (shape.names?.[name] ?? apiName(name)))
  const found: Json = shape.label !== undefined && labels[0] !== undefined ? { [shape.label]: labels[0] } : {}
  for (const [name, value] of attrs) found[own(name)] = as === 'map' ? asText(value) : value
  if (heredoc) found[own(heredoc[0])] = heredoc[1].map((line) => `${line}\n`).join('')
  for (const block of blocks) {
    const inner = innerOf(shape, block.type)
    const value = asApi(block, inner)
    const list = found[inner.field]
    found[inner.field] = inner.as === 'many' ? [...(Array.isArray(list) ? list : []), value] : value
  }
  return found
}

/** A new block in HCL's own JSON spelling, without its type. */
export function asHclJson({ labels = [], attrs = [], blocks = [], heredoc }: NewBlock): Json {
  const found: Json = Object.fromEntries(attrs)
  if (heredoc) found[heredoc[0]] = heredoc[1].map((line) => `${line}\n`).join('')
  for (const block of blocks) {
    const list = found[block.type]
    found[block.type] = block.once
      ? asHclJson(block)
      : [...(Array.isArray(list) ? (list as unknown[]) : []), asHclJson(block)]
  }
  return labels.reduceRight<Json>((inner, label) => ({ [label]: inner }), found)
}

const asText = (value: Written): unknown => (typeof value === 'object' ? value : String(value))
