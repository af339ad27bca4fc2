import { globSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonText } from '../../src/ask/json-text.ts'
import { jobLines, listed, program, smallCase } from '../cli/program.ts'

// oxlint-disable-next-line no-control-regex
const acts = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/

test('what acts on a terminal is escaped, and reads back as what it was', () => {
  expect(jsonText('a\u009B2Jb\u202Ec\u007F ✓é')).toBe(String.raw`"a\u009b2Jb\u202ec\u007f ✓é"`)
  expect(jsonText({ '\u2066': ['\u{E0041}', '\u200F'] })).toBe(String.raw`{"\u2066":["\udb40\udc41","\u200f"]}`)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(jsonText(text)).not.toMatch(acts)
      expect(JSON.parse(jsonText(text))).toBe(text)
    }),
  )
})

test('a name that holds such characters comes out harmless in every JSON', async () => {
  const hostile = 'web\u009B2J\u202E'
  const dir = smallCase([listed(hostile, 'api'), ...jobLines(hostile), ...jobLines('api')], {
    subject: { from: { job: hostile, group: hostile }, to: { job: 'api', group: 'api' }, port: 'http' },
  })
  for (const argv of [['diagnose'], ['path'], ['check']]) {
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    const { stdout } = await program([...argv, '--case', dir, '--format', 'json'])
    expect(stdout).toContain(String.raw`web\u009b2J\u202e`)
    expect(stdout).not.toMatch(acts)
  }
})

test('no renderer and no command spells JSON in another way', () => {
  const files = globSync(['src/renderers/*.ts', 'src/cli/*.ts'])
  expect(files.filter((file) => readFileSync(file, 'utf8').includes('JSON.stringify'))).toEqual([])
})
