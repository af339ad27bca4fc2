// `npm run docs`: writes all generated documents. They are committed, and a test keeps them fresh.
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generatedFolders, pages } from './docs/pages.ts'

const root = join(import.meta.dirname, '..', 'docs')
const all = await pages()
for (const { file, text } of all) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const printed = new Set(all.map(({ file }) => join(file)))
const found = globSync(
  generatedFolders.map((folder) => `${folder}/**/*.*`),
  { cwd: root },
)
const orphans = found.filter((file) => !printed.has(file))
for (const file of orphans) rmSync(join(root, file))
console.log(`${all.length} pages written, ${orphans.length} removed`)
