import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Report, UnknownFinding } from '../../src/knowledge/report.ts'
import { mostlyBecause, tally, tallyWords, unsettled } from '../../src/knowledge/unsettled.ts'

const reportOf = (unknown: readonly UnknownFinding[], way: readonly string[]): Report => ({
  diagnosis: null,
  findings: [],
  unknown,
  steps: way.map((fault) => ({ fault, verdict: 'unknown', by: 'measured', open: true })),
  counts: { judged: 7 + unknown.length, present: 1, absent: 6, unknown: unknown.length },
})
const open = (id: string, about = 'node:c1', more: Partial<UnknownFinding> = {}): UnknownFinding => ({
  id,
  about,
  because: [{ fact: 'node.routes', why: 'denied' }],
  settle: '',
  ...more,
})

test('every verdict stands in one sum: of a survey risks and what a caller tells are set aside', () => {
  const asked = open('c', 'path:*->b', { because: [{ fact: 'path.place', why: 'not-named' }] })
  const report = reportOf([open('a'), open('a', 'node:c2'), open('b', 'node:c1', { risk: true }), asked], [])
  expect(tally(report)).toEqual({ judged: 11, present: 1, absent: 6, unknown: 4, open: 2, aside: 2 })
  expect(tallyWords(report)).toBe(
    '11 verdicts: 1 found, 6 ruled out, 2 not settled (1 fault), 2 set aside (for a caller or a trial call to tell, or risks at most)',
  )
})

test('what a token lacks is named by its capabilities, and by nothing else', () => {
  const denied = (id: string, detail: string) =>
    open(id, 'node:c1', { because: [{ fact: 'x', why: 'denied', detail }] })
  const report = reportOf(
    [
      denied('a', 'HTTP 403: Permission denied: the token lacks node:read'),
      denied('b', 'exit code 1: the token lacks namespace:alloc-exec (of a raw_exec task: alloc-node-exec)'),
      denied('c', 'HTTP 403: the token lacks a capability in the namespace'),
      denied('d', 'HTTP 403: the token lacks node:read and service:read'),
    ],
    ['a', 'b', 'c', 'd'],
  )
  expect(mostlyBecause(report)).toBe('The token lacks node:read, namespace:alloc-exec and service:read.')
})

test('of a diagnosis what is not on the way is set aside', () => {
  const report = reportOf([open('a'), open('b')], ['a'])
  expect(tallyWords(report)).toBe(
    '9 verdicts: 1 found, 6 ruled out, 1 not settled, 1 set aside (not on the way, or risks at most)',
  )
  expect(tallyWords(reportOf([], ['a']))).toBe('7 verdicts: 1 found, 6 ruled out')
})

const id = fc.constantFrom('a', 'b', 'c')
const any = fc.record({ id, about: fc.constantFrom('node:c1', 'node:c2'), risk: fc.boolean(), named: fc.boolean() })

test('the sums add up, whatever is not known', () => {
  fc.assert(
    fc.property(fc.array(any), fc.array(id), (all, way) => {
      const unknown = all.map(({ id, about, risk, named }) =>
        open(id, about, {
          ...(risk ? { risk: true } : {}),
          because: [{ fact: 'path.place', why: named ? 'denied' : 'not-named' }],
        }),
      )
      const report = reportOf(unknown, way)
      const { judged, present, absent, unknown: unknowns, open: left, aside } = tally(report)
      expect(judged).toBe(present + absent + left + aside)
      expect(unknowns).toBe(left + aside)
      expect(left).toBe(unsettled(report).verdicts.length)
      const [total = 0, ...parts] =
        tallyWords(report)
          .replaceAll(/\(.*?\)/g, '')
          .match(/\d+/g)
          ?.map(Number) ?? []
      expect(parts.reduce((sum, one) => sum + one, 0)).toBe(total)
    }),
  )
})
