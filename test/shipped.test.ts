import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectedOf, shipped } from '../scripts/shipped/expected.ts'
import { faultById } from '../src/knowledge/faults/index.ts'
import { opened, recordings } from './recordings.ts'

const folders = shipped()
const infoOf = (dir: string) =>
  JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8')) as {
    readonly id: string
    readonly title: string
    readonly what: string
    readonly story: string
    readonly truth: { readonly state: string; readonly faults?: readonly string[] }
  }

test('enough of them to learn from, in a few megabytes', () => {
  expect(folders.length).toBeGreaterThanOrEqual(14)
  expect(folders.filter((dir) => infoOf(dir).truth.state === 'healthy').length).toBeGreaterThanOrEqual(2)
  const sizes = folders.flatMap((dir) => readdirSync(dir).map((file) => statSync(join(dir, file)).size))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_600_000)
})

describe.each(folders)('%s', (dir) => {
  const info = infoOf(dir)
  const [fault = ''] = info.truth.faults ?? []

  test('the program says of it what `npm run cases` wrote down', async () => {
    expect(await expectedOf(dir)).toBe(readFileSync(join(dir, 'expected.json'), 'utf8'))
  })

  test('is named after its fault, or stands beside the case it repairs', () => {
    expect(info.id).toBe(basename(dir))
    if (fault !== '') expect(info.id).toBe(fault)
    if (info.id.endsWith('-repaired')) expect(existsSync(dir.replace(/-repaired$/, ''))).toBe(true)
  })

  test('sets the scene in two to four sentences, and leaves the answer to the reader', () => {
    const sentences = info.story.split(/[.?](?:\s|$)/).filter((text) => text.trim() !== '')
    expect(sentences.length).toBeGreaterThanOrEqual(2)
    expect(sentences.length).toBeLessThanOrEqual(4)
    const told = `${info.title} ${info.what} ${info.story}`.toLowerCase()
    for (const secret of [fault, faultById.get(fault)?.title ?? ''].filter((text) => text !== ''))
      expect(told).not.toContain(secret.toLowerCase())
  })
})

test('no recording is kept twice', () => {
  const ids = recordings.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)])
})

test('the program does not see what is true of a recording', async () => {
  for (const recording of recordings) {
    const { info } = await opened(recording)
    const { how } = (JSON.parse(readFileSync(join(recording.dir, 'case.json'), 'utf8')) as { truth: { how?: string } })
      .truth
    expect(Object.keys(info)).not.toContain('truth')
    if (how !== undefined) expect(JSON.stringify(info)).not.toContain(how)
  }
})

test('a case without its truth, under another name, gives the same report', async () => {
  const blind = mkdtempSync(join(tmpdir(), 'netdoctor-blind-'))
  try {
    for (const dir of folders.slice(0, 4)) {
      const { truth: _, ...rest } = infoOf(dir)
      writeFileSync(join(blind, 'case.json'), JSON.stringify({ ...rest, id: 'case' }))
      cpSync(join(dir, 'replies.jsonl.br'), join(blind, 'replies.jsonl.br'))
      const named = `"where": "${basename(dir)}"`
      expect(await expectedOf(blind)).toBe((await expectedOf(dir)).replace(named, '"where": "case"'))
    }
  } finally {
    rmSync(blind, { recursive: true, force: true })
  }
})
