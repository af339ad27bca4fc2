import { expect, test } from 'vitest'
import { key, rich, stage } from './stage.tsx'

/** As the screens are read aloud: no marks, and one column that is wide enough for everything. */
const aloud = { columns: 240, rows: 60, terminal: { ...rich, spoken: true } }
const verdict = /^\W*(?:found, (?:breaks|degrades|risks)|ruled out|not known, [\w ]+|looking): \S/

test('in the survey each verdict says what it is before it says of what', async () => {
  const { text } = await stage('survey', aloud)
  const rows = text()
    .split('\n')
    .filter((one) => one.trimEnd().endsWith('  cluster'))
  expect(rows.length).toBeGreaterThan(3)
  for (const row of rows) expect(row).toMatch(verdict)
})

test('which verdicts are listed is said, too', async () => {
  const { text, keys } = await stage('survey', aloud)
  expect(text()).toMatch(/shown: all \d+ verdicts/)
  await keys(key.tab)
  expect(text()).toMatch(/shown: found \d+/)
})

test('help explains the words in place of the marks', async () => {
  const { text } = await stage('help', aloud)
  expect(text()).toMatch(/Words\n\W*ruled out: /)
  expect(text()).not.toContain('Marks')
})
