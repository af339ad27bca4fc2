import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { quote } from '../../src/ask/words.ts'
import { quoteAll } from '../../src/sources/quote.ts'

const hostile = [
  '',
  ' ',
  "'",
  "''",
  '"',
  '$(reboot)',
  '`id`',
  '$HOME',
  '~',
  '*',
  '!x',
  '\\',
  "\\'",
  '\n',
  ';ls',
  '&',
  '|',
  '>',
  '#',
  '-n',
  '--',
  '{a,b}',
  '\t',
  'ünï',
  '日本',
  '\u001B[31m',
]

/** What a real shell makes of a line. */
const read = (line: string): string[] =>
  execFileSync('/bin/sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`])
    .toString()
    .split('\0')
    .slice(0, -1)

it('brings every word through a real shell as it is', () => {
  expect(read(quoteAll(hostile))).toEqual(hostile)
  const words = fc.array(
    fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
    ),
    { minLength: 1, maxLength: 40 },
  )
  fc.assert(
    fc.property(words, (list) => {
      expect(read(quoteAll(list))).toEqual(list.map((word) => word.toWellFormed()))
    }),
    { numRuns: 60 },
  )
})
it('leaves plain words readable, and takes no NUL', () => {
  expect(quoteAll(['ip', '-j', '/opt/cni/bin', "it's"])).toBe(String.raw`ip -j /opt/cni/bin 'it'\''s'`)
  expect(quote('')).toBe("''")
  expect(() => quoteAll(['a\0b'])).toThrow('NUL')
})
