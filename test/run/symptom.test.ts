import { expect, test } from 'vitest'
import { exitCode } from '../../src/knowledge/exit-code.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'

const found = await openCase('test/recordings/nsd-check-failing')
if (found instanceof CaseError) throw new Error(found.message)
const { ask, info } = found
const aim = { kind: 'path', subject: { ...subjectOf(info), symptom: 'unknown' } } as const
const facts = await gather(aim, ask, new Map(), () => nothingTold)
const seenAs = (symptom: string) => picture(aim, facts, { ...nothingTold, answers: { symptom } })

test.each([
  ['not-placed', 'breaks', 'nsd-check-failing', 1],
  ['unknown', 'degrades', 'nsd-check-failing', 1],
  ['cannot-connect', 'degrades', undefined, 0],
  ['name-fails', 'degrades', undefined, 0],
] as const)('a failing deployment of what answers, asked with %s, %s', (symptom, severity, diagnosis, code) => {
  const { report, walked } = seenAs(symptom)
  expect(report.findings.map((one) => [one.id, one.severity])).toEqual([['nsd-check-failing', severity]])
  expect(report.diagnosis?.fault).toBe(diagnosis)
  expect(report.signs ?? []).toEqual([])
  expect(exitCode(report)).toBe(code)
  if (diagnosis === undefined) expect(walked.steps.at(-1)).toMatchObject({ kind: 'question', answer: 'answered' })
})
