import { expect, test } from 'vitest'
import type { Evidence, Report } from '../../src/knowledge/report.ts'
import { json } from '../../src/renderers/json.ts'
import { text } from '../../src/renderers/text.ts'

const library = { fault: () => undefined, question: () => undefined }
const frame = {
  source: { kind: 'case', where: 'c' },
  subject: { from: null, to: 'api', port: null, symptom: 'unknown' },
} as const
const reply = (at: number, lines: number): Evidence => ({
  ask: `ask ${at}`,
  request: `GET /reply/${at}`,
  excerpt: Array.from({ length: lines }, (_, line) => `line ${line + 1} of ${at}`).join('\n'),
  at: '2026-11-21T00:00:00.000Z',
})
const found = (evidence: readonly Evidence[]): Report => ({
  diagnosis: { fault: 'f', about: 'node:c1', sentence: 'So it is', instances: { affected: 1, total: 1 } },
  findings: [
    {
      id: 'f',
      about: 'node:c1',
      verdict: 'present',
      severity: 'breaks',
      sentence: 'So it is',
      evidence,
      fix: [],
      doc: '',
    },
  ],
  unknown: [],
  steps: [],
  counts: { judged: 1, present: 1, absent: 0, unknown: 0 },
})
const said = (...evidence: Evidence[]): string => text(found(evidence), frame, library)
const replies = (...lines: number[]): Evidence[] => lines.map((one, at) => reply(at + 1, one))

test('of a long reply the first lines are shown, and how many more there are', () => {
  expect(said(reply(1, 9))).toMatch(/line 4 of 1\n +\.\.\. 5 more lines in the reply\n/)
  expect(said(reply(1, 9))).not.toContain('line 5 of 1')
  // One line more than fits takes no more room than saying so.
  expect(said(reply(1, 5))).toContain('line 5 of 1')
  expect(said(reply(1, 5))).not.toContain('more line')
})

test('of many replies the first are shown, and how many more there are', () => {
  expect(said(...replies(1, 1, 1, 1, 1, 1, 1, 1))).toContain('... and 2 more replies: --format json prints them')
  expect(said(...replies(1, 1, 1, 1, 1, 1, 1))).toContain('... and 1 more reply:')
  expect(said(...replies(1, 1, 1, 1, 1, 1))).not.toContain('more repl')
})

test('as JSON the evidence is whole', () => {
  const { findings } = JSON.parse(json(found(replies(9, 1, 1, 1, 1, 1, 1, 1)), frame)) as Report
  expect(findings[0]?.evidence).toHaveLength(8)
  expect(findings[0]?.evidence[0]?.excerpt.split('\n')).toHaveLength(9)
})

test('two excerpts of one reply name it once', () => {
  const [one] = replies(1)
  const text = said(...(one ? [one, { ...one, excerpt: 'another line' }] : []))
  expect(text).toMatch(
    /\[1\] GET \/reply\/1 {3}\S+\n +line 1 of 1\n +\[2\] in the same reply as \[1\]\n +another line\n/,
  )
})
