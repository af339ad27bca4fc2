import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { program } from './cli/program.ts'
import { fields, sample } from '../scripts/docs/json.ts'
import { generatedFolders, pages } from '../scripts/docs/pages.ts'

const all = await pages()

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

test('the JSON contract names every field that is printed, and no other', () => {
  const printed = new Set(pathsOf(JSON.parse(sample)))
  expect(Object.keys(fields).toSorted()).toEqual([...printed].toSorted())
})

test('a real report holds no field that the contract does not name', async () => {
  const { stdout } = await program(['diagnose', '--case', 'cases/wrong-to-port', '--format', 'json'])
  expect([...new Set(pathsOf(JSON.parse(stdout)))].filter((path) => !(path in fields))).toEqual([])
})

function pathsOf(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${at}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = at === '' ? key : `${at}.${key}`
    return [path, ...pathsOf(inner, path)]
  })
}
