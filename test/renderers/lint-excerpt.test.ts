import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { excerpt } from '../../src/renderers/lint.ts'
import type { Style } from '../../src/renderers/style.ts'

const style = (width: number): Style => ({ width, paint: (_, text) => text })

/** What stands over the carets, and whether the line fits. */
function shown(line: string, column: number, endColumn: number, width: number) {
  const at = { file: 'a', line: 1, column, endLine: 1, endColumn }
  const [text = '', marks = ''] = excerpt(at, new Map([['a', line]]), style(width))
  const from = marks.indexOf('^')
  return { text, over: text.slice(from, marks.lastIndexOf('^') + 1), wide: Math.max(text.length, marks.length) }
}

test('a line that fits is shown as it is', () => {
  expect(shown('    port = "htpp"', 5, 18, 80)).toMatchObject({
    text: '  1 |     port = "htpp"',
    over: 'port = "htpp"',
  })
})

test('of a long line the part that is meant is shown, with marks where it goes on', () => {
  const line = `args = [${'"x", '.repeat(100)}"THE-WRONG-ONE", ${'"y", '.repeat(100)}]`
  const at = line.indexOf('"THE') + 1
  const { text, over, wide } = shown(line, at, at + 15, 100)
  expect(over).toBe('"THE-WRONG-ONE"')
  expect(wide).toBeLessThanOrEqual(100)
  expect(text).toMatch(/^ {2}1 \| ….*…$/)
})

test('wherever it stands, and however wide the terminal is, the carets are under what is meant', () => {
  const word = fc.integer({ min: 1, max: 40 })
  fc.assert(
    fc.property(fc.nat(400), word, fc.nat(400), fc.integer({ min: 40, max: 160 }), (left, own, right, width) => {
      const line = `${'a'.repeat(left)}${'#'.repeat(own)}${'z'.repeat(right)}`
      const { over, wide } = shown(line, left + 1, left + own + 1, width)
      expect(wide).toBeLessThanOrEqual(Math.max(width, 25))
      expect(over).toMatch(/^#+…?$/)
      if (own < width / 2) expect(over).toBe('#'.repeat(own))
    }),
  )
})
