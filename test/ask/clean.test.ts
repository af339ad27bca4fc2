import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, cleanLine } from '../../src/ask/clean.ts'

const ESC = '\u001B'

describe('clean', () => {
  it('takes colours, titles, links and cursor moves out of a text', () => {
    expect(clean(`${ESC}[31mred${ESC}[0m`)).toBe('red')
    expect(clean(`a${ESC}]0;title\u0007b${ESC}]8;;http://x${ESC}\\c`)).toBe('abc')
    expect(clean(`a\u009B2Jb\u009D52;c;aGk=\u009Cc${ESC}c`)).toBe('abc')
    expect(clean('x\u202Egnp.exe\u2066')).toBe('xgnp.exe')
  })
  it('keeps lines, tabs and every script, and ends a string command at the end of its line', () => {
    expect(clean('a\tb\r\nc\rd')).toBe('a\tb\nc\nd')
    expect(clean('naïve 日本 👩‍👩‍👧 ✓')).toBe('naïve 日本 👩‍👩‍👧 ✓')
    expect(clean(`a${ESC}]0;never ends\nb`)).toBe('a\nb')
    expect(cleanLine('a\n\n\tb')).toBe('a b')
  })
  it('never lets a control character through, and does nothing twice', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(ESC, `${ESC}[`, `${ESC}]`, '\u009B', '\u0007', '\u202E', '\uD800', '31m'),
      ),
    )
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = clean(parts.join(''))
        // oxlint-disable-next-line no-control-regex
        expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/)
        expect(text.isWellFormed()).toBe(true)
        expect(clean(text)).toBe(text)
        expect(cleanLine(parts.join(''))).not.toMatch(/[\n\t]/)
      }),
      { numRuns: 500 },
    )
  })
  it('leaves printable ASCII alone', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => clean(text) === text))
  })
})
