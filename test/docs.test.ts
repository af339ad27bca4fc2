import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generatedFolders, pages } from '../scripts/docs/pages.ts'

const all = pages()

test('every generated document is as `npm run docs` prints it', () => {
  const stale = all.filter(
    ({ file, text }) => !existsSync(join('docs', file)) || readFileSync(join('docs', file), 'utf8') !== text,
  )
  expect(stale.map(({ file }) => file)).toEqual([])
})

test('no document is left of something that is no more', () => {
  const found = globSync(
    generatedFolders.map((folder) => `${folder}/**/*.*`),
    { cwd: 'docs' },
  )
  const printed = new Set(all.map(({ file }) => join(file)))
  expect(found.filter((file) => !printed.has(file))).toEqual([])
})
