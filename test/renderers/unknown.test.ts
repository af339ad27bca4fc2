import { expect, test } from 'vitest'
import type { Because, Report } from '../../src/knowledge/report.ts'
import { blindness, unknownBlock } from '../../src/renderers/unknown.ts'
import { mostlyBecause } from '../../src/knowledge/unsettled.ts'
import { plainStyle } from '../../src/renderers/style.ts'

const library = { fault: () => undefined, question: () => undefined }
const denied = (detail: string): Because => ({ fact: 'node.routes', why: 'denied', detail })
const follows: Because = { fact: 'path.walks', why: 'not-evaluable' }
const open = (id: string, ...because: Because[]) => ({ id, about: 'node:c1', because, settle: `look at ${id}` })
const reportOf = (...unknown: Report['unknown']): Pick<Report, 'unknown' | 'steps' | 'findings'> => ({
  unknown,
  steps: unknown.map(({ id }) => ({ fault: id, verdict: 'unknown', by: 'measured', open: true })),
  findings: [],
})
const asked = (because?: readonly Because[]): Pick<Report, 'unknown' | 'steps'> => ({
  unknown: [],
  steps: [{ question: 'attempt', answer: 'not-tried', by: 'assumed', open: true, ...(because ? { because } : {}) }],
})

test('a fault stands under one reason, what a source said before what only follows, so that the sums add up', () => {
  const report = reportOf(open('a', follows, denied('x')), open('b', denied('x'), denied('y')), open('c', follows))
  const lines = unknownBlock(report, library, plainStyle).map((line) => line.trim())
  expect(lines[0]).toBe('Not settled: 3 faults')
  expect(lines[1]).toBe('not allowed: x (2 faults)')
  expect(lines.slice(2, lines.indexOf('')).join(' ')).toMatch(/cannot be told \(1 fault\)$/)
  expect(mostlyBecause(report)).toBe('The reason for most of it: not allowed: x.')
})

test('what was not asked for want of a flag is a reason to name; what was only not reached yet is none', () => {
  const flag = (detail?: string): Because => ({ fact: 'node.routes', why: 'not-asked', ...(detail ? { detail } : {}) })
  const off = "commands on c1 are not enabled: give --ssh 'user@{address}'"
  expect(mostlyBecause(reportOf(open('a', follows, flag(off)), open('b', flag(off)), open('c', flag())))).toBe(
    `The reason for most of it: ${off}.`,
  )
  const consent = 'it sends packets and needs your consent (--yes)'
  expect(mostlyBecause(asked([flag(consent)]))).toBe(`The reason for all of it: ${consent}.`)
  expect(mostlyBecause(asked([flag()]))).toBe('')
})

test('half is not most, and what only follows is no reason to name', () => {
  expect(mostlyBecause(reportOf(open('a', denied('x')), open('b', denied('y'))))).toBe('')
  expect(mostlyBecause(reportOf(open('a', follows)))).toBe('')
})

test('a question says what was refused, else that nobody answered', () => {
  const said = (because?: readonly Because[]) => unknownBlock(asked(because), library, plainStyle).join(' ')
  expect(said([denied('the token lacks namespace:alloc-exec')])).toContain(
    'not allowed: the token lacks namespace:alloc-exec',
  )
  expect(said([{ fact: 'path.reached', why: 'not-asked' }])).toContain('nobody answered, and nothing measured tells')
  expect(said()).toContain('nobody answered, and nothing measured tells')
})

const counts = { judged: 0, present: 0, absent: 0, unknown: 0 }
test('where nothing was seen each refusal is named, also the second one of a fault', () => {
  expect(blindness({ ...reportOf(open('a', denied('x')), open('b', denied('x'), denied('y'))), counts })).toEqual([
    'not allowed: x',
    'not allowed: y',
  ])
  expect(blindness({ ...reportOf(open('a', follows)), counts })).toEqual([])
  // A survey takes no steps: it has seen something where it ruled something out.
  const ofJobs = { fact: 'group.spec', why: 'denied', detail: 'x' } as const
  const survey = { ...reportOf(open('a', ofJobs)), steps: [] }
  expect(blindness({ ...survey, counts })).toEqual(['not allowed: x'])
  expect(blindness({ ...survey, counts: { ...counts, absent: 1 } })).toEqual([])
  // So has whoever sees that there are no jobs, and not the clients.
  expect(blindness({ ...reportOf(open('a', denied('x'))), steps: [], counts })).toEqual([])
})
