import * as fc from 'fast-check'
import realWidth from 'string-width'
import { expect, test } from 'vitest'
import { LateSegmenter } from '../../scripts/build/segmenter.ts'
import width from '../../scripts/build/string-width.ts'

// What the bundle measures by counting is what the tables say.

const marks = ' -~·×–—‘’“”•…←↑→↓⇒─│┬┴▌▏▸○◌●✓✗⠋⠙⣿azAZ09?!#*'
const styles = ['\u001B[1m', '\u001B[22m', '\u001B[38;5;114m', '\u001B[39m']
const awkward = ['\u0301', '\uFE0F', '\u200D', '\u20E3', '\u200B', '日', '👩', '🏽', 'é', '\r\n', '\n', '\t', '\u001B']
const texts = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...Array.from(marks)) },
      fc.constantFrom(...styles, ...awkward),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''))

test('each mark of the screens takes one column', () => {
  for (const mark of marks) expect([mark, width(mark)]).toEqual([mark, realWidth(mark)])
})

test('a text is as wide as string-width says', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(width(text)).toBe(realWidth(text))
      for (const options of [{ countAnsiEscapeCodes: true }, { ambiguousIsNarrow: false }])
        expect(width(text, options)).toBe(realWidth(text, options))
    }),
  )
})

test('a text falls into the same clusters, and each position is in the same one', () => {
  const real = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const late = new LateSegmenter(undefined, { granularity: 'grapheme' })
  fc.assert(
    fc.property(texts, fc.nat(), (text, at) => {
      expect([...late.segment(text)]).toEqual([...real.segment(text)])
      expect(late.segment(text).containing(at)).toEqual(real.segment(text).containing(at))
    }),
  )
  const words = [...new LateSegmenter('en', { granularity: 'word' }).segment('two words')]
  expect(words).toEqual([...new Intl.Segmenter('en', { granularity: 'word' }).segment('two words')])
})
