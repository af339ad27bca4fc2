import { describe, expect, test } from 'vitest'
import { derivations } from '../src/derive/index.ts'
import { survey } from '../src/engine/survey.ts'
import { walk } from '../src/engine/walk.ts'
import type { Walked } from '../src/knowledge/walked.ts'
import type { Fault } from '../src/knowledge/fault.ts'
import { faultList } from '../src/knowledge/faults/index.ts'
import { questions, root } from '../src/knowledge/tree/index.ts'
import type { Ladder, Question } from '../src/knowledge/tree/question.ts'
import { symptoms } from '../src/knowledge/subject.ts'
import { probes } from '../src/probes/index.ts'
import { worldOf } from './world.ts'

/** Every choice of answers that leads to a ladder with this fault. */
function routesTo(
  fault: string,
  question: Question,
  chosen: Readonly<Record<string, string>> = {},
): Record<string, string>[] {
  return Object.entries(question.answers).flatMap(([answer, { then }]) => {
    const answers = { ...chosen, [question.id]: answer }
    const here = then.some((rung) => rung === fault) ? [answers] : []
    const foot = then.at(-1)
    return typeof foot === 'object' ? [...here, ...routesTo(fault, foot, answers)] : here
  })
}

const reaches = (fault: string, { end, steps }: Walked): boolean =>
  end === fault || steps.some((step) => step.kind === 'rung' && step.fault === fault && step.verdict === 'present')

const presentExamples = (fault: Fault) =>
  fault.examples.filter(({ then }) => then === 'present').map((example) => ({ id: fault.id, fault, example }))

describe('every fault is reachable in meaning, not only in drawing', () => {
  test.each(faultList.flatMap(presentExamples))('$id: $example.name', ({ fault, example }) => {
    const { world, thing } = worldOf(fault.about, example.given)
    const verdicts = survey(faultList, [...world.things.values()], world)
    const path = thing.kind === 'path' ? thing : undefined
    const ends = routesTo(fault.id, root).map((answers) => walk(root, verdicts, path, world, { answers, checks: {} }))
    const shadows = [...new Set(ends.map(({ end }) => end))]
    expect(
      ends.some((walked) => reaches(fault.id, walked)),
      `no answers end there, but at: ${shadows.join(', ')}`,
    ).toBe(true)
  })
})

describe.each(questions)('the question $id', (question) => {
  test('is a question that a person can answer, and says what it decides', () => {
    expect(question.ask).toMatch(/\?$/)
    expect(question.why).toMatch(/\.$/)
    expect(Object.keys(question.answers).length).toBeGreaterThanOrEqual(2)
    const labels = Object.values(question.answers).map(({ label }) => label)
    expect(labels.filter((label) => label.trim() === '')).toEqual([])
    expect(new Set(labels).size).toBe(labels.length)
  })

  test('assumes one of its own answers, and names no fault twice on the way down one branch', () => {
    expect(Object.keys(question.answers)).toContain(question.unsure)
    for (const { then } of Object.values(question.answers)) {
      const rungs = then.filter((rung) => typeof rung === 'string')
      expect(rungs).toEqual([...new Set(rungs)])
    }
  })

  test.runIf(question.reads !== undefined)('can be answered by measurement', () => {
    const origins = [...probes.flatMap(({ provides }) => provides), ...derivations.map(({ provides }) => provides)]
    expect(origins).toContain(question.reads)
  })
})

test('"I do not know" looks at everything', () => {
  const start: Question = root
  const seen = new Set(faultsIn(start.answers[start.unsure]?.then ?? []))
  expect(faultList.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([])
})

function faultsIn(ladder: Ladder): readonly string[] {
  return ladder.flatMap((rung) =>
    typeof rung === 'string' ? [rung] : Object.values(rung.answers).flatMap(({ then }) => faultsIn(then)),
  )
}

test('every symptom a person may name is an answer of the root', () => {
  const start: Question = root
  const told = Object.keys(symptoms).map((symptom) => (symptom === 'never-starts' ? 'not-placed' : symptom))
  expect(new Set(told)).toEqual(new Set(Object.keys(start.answers)))
})
