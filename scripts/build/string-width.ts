import type * as StringWidth from 'string-width'
import { plain } from '../../src/components/plain.ts'

// oxlint-disable-next-line no-control-regex -- a style begins with one
const style = /\u001B\[[\d;:]*m/g

/** Loaded for the first text that needs it: its table of all emoji takes as long to make as Node to start. */
const real = () => (require('string-width') as typeof StringWidth).default

/** `string-width` for the bundle, which measures plain text and its styles by counting. */
export default function stringWidth(text: string, options: StringWidth.Options = {}): number {
  if (options.ambiguousIsNarrow === false) return real()(text, options)
  const bare = options.countAnsiEscapeCodes ? text : text.replace(style, '')
  return plain.test(bare) ? bare.length : real()(text, options)
}
