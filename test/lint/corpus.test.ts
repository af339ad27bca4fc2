import { beforeAll, expect, test } from 'vitest'
import type { Report } from '../../src/knowledge/report.ts'
import { entries, harmful, hits, linted, lintedAgent, type Entry } from './corpus.ts'

const results: { entry: Entry; report: Report; holes: readonly string[] }[] = []
beforeAll(async () => {
  for (const entry of entries) if (entry.kind !== 'agent') results.push({ entry, ...(await linted(entry)) })
}, 120_000)

test('a sound file and a repaired file have no finding that breaks or degrades', () => {
  const wrong = results
    .filter(({ entry }) => entry.kind !== 'faulty')
    .flatMap(({ entry, report }) => harmful(report).map(({ id, sentence }) => `${entry.file}: ${id}: ${sentence}`))
  expect(wrong).toEqual([])
  expect(results.filter(({ entry }) => entry.kind === 'sound')).toHaveLength(63)
  expect(results.filter(({ entry }) => entry.kind === 'fixed')).toHaveLength(148)
})

test('a faulty file has no other harmful finding than its own', () => {
  const wrong = results
    .filter(({ entry }) => entry.kind === 'faulty')
    .flatMap(({ entry, report }) =>
      harmful(report)
        .filter(({ id }) => !entry.faults.includes(id) && !entry.aliases.includes(id))
        .map(({ id, sentence }) => `${entry.file}: ${id}: ${sentence}`),
    )
  expect(wrong).toEqual([])
})

test('every part of every file is evaluated, and nothing fails', () => {
  expect(results.flatMap(({ entry, holes }) => holes.map((hole) => `${entry.file}: ${hole}`))).toEqual([])
  const bugs = results.flatMap(({ report }) => report.unknown.flatMap(({ because }) => because))
  expect(bugs.filter(({ why }) => why === 'failed')).toEqual([])
})

test('every fault of every faulty file is found, at a line the index names', () => {
  const missed = results
    .filter(({ entry }) => entry.kind === 'faulty')
    .flatMap(({ entry, report }) => {
      const found = new Map(hits(entry, report).map(({ id, onLine }) => [id, onLine] as const))
      return entry.faults.filter((id) => found.get(id) !== true).map((id) => `${entry.file}: ${id}`)
    })
  expect(missed).toEqual([])
  expect(results.filter(({ entry }) => entry.kind === 'faulty')).toHaveLength(148)
})

test('at most one file of twenty without a harmful fault has a risk', () => {
  const calm = results.filter(({ entry }) => entry.kind !== 'faulty')
  const noisy = calm.filter(({ report }) => report.findings.some(({ severity }) => severity === 'risks'))
  expect(noisy.length).toBeLessThanOrEqual(calm.length / 20)
})

const agents = entries.filter(({ file }) => /^agents\/(faulty|fixed)\//.test(file))
test.each(agents)('$file', async (entry) => {
  const { findings } = await lintedAgent(entry)
  const own = findings.filter(({ id }) => entry.faults.includes(id) || entry.aliases.includes(id))
  const here = own.some(({ location }) => location?.file === entry.file && entry.line.includes(location.line))
  expect(here).toBe(entry.faults.length > 0)
  expect(findings.filter((one) => !own.includes(one)).map(({ id }) => id)).toEqual([])
})

test('every finding of a file says where', () => {
  const nowhere = results.flatMap(({ entry, report }) =>
    report.findings.filter(({ location }) => !location || location.line < 1).map(({ id }) => `${entry.file}: ${id}`),
  )
  expect(nowhere).toEqual([])
})
