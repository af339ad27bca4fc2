// `npm run cases`: writes what the program says of every shipped case anew; look at the difference before committing it.
// `npm run cases -- SRC ID [STORY]`: ships a recording. What is written by hand in cases/ID/case.json stays: story and told.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gunzipSync } from 'node:zlib'
import { expectedOf, shipped } from './shipped/expected.ts'

interface Info {
  readonly what: string
  readonly story?: string
  readonly told?: object
}

const [from, id, text] = process.argv.slice(2)
if (from !== undefined && id !== undefined) ship(from, id, text)
else if (from !== undefined) throw new Error('usage: npm run cases [-- SRC ID [STORY]]')
for (const dir of shipped()) writeFileSync(join(dir, 'expected.json'), await expectedOf(dir))
console.log(`${shipped().length} cases`)

function ship(source: string, name: string, story: string | undefined): void {
  const target = join('cases', name)
  const info = infoOf(source)
  const before = existsSync(join(target, 'case.json')) ? infoOf(target) : undefined
  mkdirSync(target, { recursive: true })
  const { what, ...rest } = info
  const kept = { story: story ?? before?.story ?? info.story ?? what, ...(before?.told ? { told: before.told } : {}) }
  const { id: _, title: first, ...others } = rest as Record<string, unknown>
  const title = name.endsWith('-repaired') ? `${String(first)}: after the repair` : first
  writeFileSync(
    join(target, 'case.json'),
    `${JSON.stringify({ id: name, title, what, ...others, ...kept }, null, 1)}\n`,
  )
  const packed = join(source, 'replies.jsonl.gz')
  const replies = existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(join(source, 'replies.jsonl'))
  writeFileSync(join(target, 'replies.jsonl.br'), small(replies))
}

/** Replies repeat each other over long distances, which gzip does not see: this is a third of what it makes. */
const small = (bytes: Buffer): Buffer => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } })

function infoOf(dir: string): Info {
  return JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8')) as Info
}
