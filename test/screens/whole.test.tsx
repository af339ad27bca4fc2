import { array, assert, integer, property, string } from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { cleanLine } from '../../src/ask/clean.ts'
import { line, lineText, lineWidth } from '../../src/components/line.ts'
import { tableItem } from '../../src/components/table.ts'
import { cleanup, stage } from './stage.tsx'

afterEach(cleanup)

const squeezed = (text: string): string => text.replaceAll(/\s+/g, '')

test('nothing is lost of a row the cursor is on, and it keeps its columns', () => {
  const words = string({ unit: 'grapheme', maxLength: 60 }).map((one) => cleanLine(one))
  assert(
    property(array(words, { minLength: 1, maxLength: 4 }), integer({ min: 4, max: 30 }), (cells, columns) => {
      const whole = tableItem('row', () => cells.map((one) => [columns, line(one)])).whole?.() ?? []
      for (const one of whole) expect(lineWidth(one)).toBe(columns * cells.length)
      const [only] = cells
      if (cells.length === 1) expect(squeezed(whole.map(lineText).join(''))).toBe(squeezed(only ?? ''))
    }),
  )
})

test('the chosen step shows its whole title and answer, the others one line each', async () => {
  const { text, keys } = await stage('walk', { columns: 60 })
  expect(text()).toMatch(/▌ {3}✗ The server listens on .*\n▌ +loopback only/)
  await keys('k')
  expect(text()).toMatch(/✗ The server listens on loo[^\n]*…/)
  expect(text()).not.toMatch(/▌ +loopback only/)
  for (const one of text().split('\n')) expect(one.length).toBeLessThanOrEqual(60)
})

test.each([
  [60, 16],
  [80, 24],
])('the chosen row is seen in full also at the end of a list, at %i by %i', async (columns, rows) => {
  const { text, keys } = await stage('survey', { columns, rows })
  await keys('G')
  expect(text()).toMatch(/▌/)
  expect(text().split('\n').length).toBeLessThanOrEqual(rows)
  expect(text()).toMatch(/quit$/)
})

test('at 80 columns the footer of the walk has the key that verifies', async () => {
  const { text } = await stage('walk')
  expect(text()).toMatch(/d diagnosis {2}p path {2}v verify {2}a answer {2}esc back {2}\? help {2}q quit/)
})
