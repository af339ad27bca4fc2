/** Names in values. */
import { around, node, sign } from './plain-scan.ts'
import type { Sketch } from './sketch.ts'

/** A name, or one of the words that mean themselves. */
export function word(text: string, at: number, end: number): Sketch {
  const said = text.slice(at, end)
  if (said === 'true' || said === 'false') return around('literal_value', [around('bool_lit', [sign(said, at)])])
  if (said === 'null') return around('literal_value', [node('null_lit', at, end)])
  return around('variable_expr', [node('identifier', at, end)])
}
