import { beforeAll, expect, test } from 'vitest'
import type { Report } from '../../src/knowledge/report.ts'
import { entries, harmful, hits, linted, type Entry } from './corpus.ts'

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
  expect(results.filter(({ entry }) => entry.kind === 'fixed')).toHaveLength(147)
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

/** What is found today. These numbers may only grow. */
const atLeast = { found: 133, onLine: 132 }

test('faults are found, and their lines', () => {
  const found = results
    .filter(({ entry }) => entry.kind === 'faulty')
    .flatMap(({ entry, report }) => hits(entry, report))
  expect(found.length).toBeGreaterThanOrEqual(atLeast.found)
  expect(found.filter(({ onLine }) => onLine).length).toBeGreaterThanOrEqual(atLeast.onLine)
})

test('every finding of a file says where', () => {
  const nowhere = results.flatMap(({ entry, report }) =>
    report.findings.filter(({ location }) => !location || location.line < 1).map(({ id }) => `${entry.file}: ${id}`),
  )
  expect(nowhere).toEqual([])
})
