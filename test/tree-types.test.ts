import { expect, test } from 'vitest'
import type { FaultId } from '../src/knowledge/faults/index.ts'
import { askFact, askPerson, type Ladder, type Question } from '../src/knowledge/tree/question.ts'

// The compiler keeps these promises: a line below that compiled without an error would itself be the error.

type Known = 'port-wrong' | 'bridge-down'
const spec = { id: 'q', ask: 'What?', why: 'It matters.' }
const none: Ladder<Known> = []
const foot: Question<Known> = askPerson<Known, 'a' | 'b'>({
  ...spec,
  unsure: 'a',
  answers: { a: { label: 'a', then: ['port-wrong'] }, b: { label: 'b', then: none } },
})

test('no ladder names a fault that does not exist', () => {
  // @ts-expect-error 'bridge-up' is no fault
  const dangling: Ladder<Known> = ['port-wrong', 'bridge-up']
  // @ts-expect-error and so it is in the real tree
  const real: Ladder<FaultId> = ['no-such-fault-anywhere']
  expect([dangling, real]).toHaveLength(2)
})

test('a question stands only at the foot of a ladder', () => {
  const right: Ladder<Known> = ['port-wrong', 'bridge-down', foot]
  // @ts-expect-error a question in the middle
  const middle: Ladder<Known> = ['port-wrong', foot, 'bridge-down']
  // @ts-expect-error two questions
  const two: Ladder<Known> = [foot, foot]
  expect([right, middle, two]).toHaveLength(3)
})

test('`unsure` is one of the answers, and every answer is there', () => {
  const both = { yes: { label: 'yes', then: none }, no: { label: 'no', then: none } }
  // @ts-expect-error 'perhaps' is no answer
  askPerson<Known, 'yes' | 'no'>({ ...spec, unsure: 'perhaps', answers: both })
  // @ts-expect-error 'no' has no branch
  askPerson<Known, 'yes' | 'no'>({ ...spec, unsure: 'yes', answers: { yes: both.yes } })
  expect(askPerson<Known, 'yes' | 'no'>({ ...spec, unsure: 'yes', answers: both }).unsure).toBe('yes')
})

test('a measured value is read as one of the answers, and the fact exists', () => {
  const answers = { near: { label: 'near', then: none }, far: { label: 'far', then: none } }
  const rest = { ...spec, unsure: 'far', answers } as const
  askFact<Known, 'near' | 'far', 'path.place'>({ ...rest, reads: 'path.place', answer: () => 'near' })
  // @ts-expect-error 'nowhere' is no answer
  askFact<Known, 'near' | 'far', 'path.place'>({ ...rest, reads: 'path.place', answer: () => 'nowhere' })
  // @ts-expect-error the places of a path are words, not all of which are answers here
  askFact<Known, 'near' | 'far', 'path.place'>({ ...rest, reads: 'path.place', answer: (place) => place })
  // @ts-expect-error there is no such fact
  askFact<Known, 'near' | 'far', 'path.weather'>({ ...rest, reads: 'path.weather', answer: () => 'near' })
  expect(Object.keys(answers)).toEqual(['near', 'far'])
})
