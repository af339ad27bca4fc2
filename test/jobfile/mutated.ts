import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { entries, folder } from '../lint/corpus.ts'

export const texts = entries
  .filter(({ file: name, kind }) => kind !== 'agent' && name.endsWith('.hcl'))
  .map(({ file: name }) => readFileSync(`${folder}/${name}`, 'utf8'))

export const agents = entries
  .filter(({ file: name, kind }) => kind === 'agent' && name.endsWith('.hcl'))
  .map(({ file: name }) => readFileSync(`${folder}/${name}`, 'utf8'))

const pieces = [
  '{',
  '}',
  '"',
  '${',
  '%{',
  '<<-EOT\n',
  '[',
  ']',
  '=',
  '\n',
  'var.x',
  '\\',
  '~',
  'for a in b',
  '-1',
  '\u0000',
  '💥',
  'dynamic "port" ',
  'null',
]

/** One of the texts with a few pieces put in, taken away or repeated. */
export const mutatedOf = (of: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...of),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), fc.constantFrom('', ...pieces)), {
        maxLength: 4,
      }),
    )
    .map(([text, changes]) =>
      changes.reduce((all, [place, length, piece]) => {
        const at = Math.floor(place * all.length)
        return all.slice(0, at) + piece + all.slice(at + length)
      }, text),
    )
