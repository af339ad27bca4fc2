import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Verdict } from '../../src/knowledge/verdict.ts'
import { walk } from '../../src/engine/walk.ts'
import type { Walked } from '../../src/knowledge/walked.ts'
import { nothingTold, type Told } from '../../src/knowledge/told.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { questions, root } from '../../src/knowledge/tree/index.ts'
import { askFact, askPerson, type Question } from '../../src/knowledge/tree/question.ts'
import type { Severity } from '../../src/knowledge/fault.ts'
import { missing, thingIn, worldOf } from './world.ts'

const narrower = askFact({
  id: 'place',
  ask: 'Where is it?',
  why: 'It matters.',
  reads: 'path.place',
  answer: (place) => (place === 'outside' ? 'far' : 'near'),
  unsure: 'far',
  answers: { near: { label: 'near', then: ['c'] }, far: { label: 'far', then: ['d'] } },
})
const tree: Question = askPerson({
  id: 'symptom',
  ask: 'What do you see?',
  why: 'It matters.',
  unsure: 'nothing',
  answers: { fire: { label: 'fire', then: ['a', 'b', narrower] }, nothing: { label: 'nothing', then: [] } },
})

const saying = (fault: string, verdict: Verdict['verdict'], severity: Severity = 'breaks'): Verdict => {
  const judged = { fault, thing: 't', about: 't' }
  if (verdict === 'present') return { ...judged, verdict, says: '', severity, evidence: [], given: {} }
  return verdict === 'absent'
    ? { ...judged, verdict, reason: '', evidence: [] }
    : { ...judged, verdict, because: [], at: [] }
}
const walking = (
  verdicts: readonly Verdict[],
  told: Partial<Told> = {},
  facts: Readonly<Record<string, unknown>> = {},
): Walked => {
  const world = worldOf({ p: { kind: 'path', facts } })
  return walk(tree, verdicts, thingIn(world, 'p'), world, { ...nothingTold, ...told })
}
const brief = ({ steps }: Walked): string[] =>
  steps.map((step) =>
    step.kind === 'question'
      ? `${step.question.id}=${step.answer} ${step.by}`
      : `${step.fault} ${step.verdict} ${step.by}`,
  )
const fire = { answers: { symptom: 'fire' } }

describe('the walk', () => {
  it('follows what a person said, then what was measured', () => {
    const walked = walking([], fire, { 'path.place': 'same-task' })
    expect(brief(walked)).toEqual([
      'symptom=fire told',
      'a absent measured',
      'b absent measured',
      'place=near measured',
      'c absent measured',
    ])
    expect(walked).toMatchObject({ end: 'unexplained', open: [] })
  })

  it('assumes where nobody knows, and says so', () => {
    const walked = walking([], fire, { 'path.place': missing('denied') })
    expect(brief(walked).slice(3)).toEqual(['place=far assumed', 'd absent measured'])
    expect(walked.open).toMatchObject([{ kind: 'question', by: 'assumed' }])
    expect(brief(walking([]))).toEqual(['symptom=nothing assumed'])
  })

  it('says why what would answer is not known, and of a question to a person nothing', () => {
    const asked = (held: unknown) => walking([], fire, { 'path.place': held }).open[0]
    expect(asked(missing('denied', 'HTTP 403'))).toMatchObject({
      because: { fact: 'path.place', why: 'denied', detail: 'HTTP 403' },
    })
    expect(asked(missing('not-asked'))).toMatchObject({ because: { fact: 'path.place', why: 'not-asked' } })
    expect(walking([]).open[0]).not.toHaveProperty('because')
  })

  it('believes the measurement where a person says otherwise, and shows the difference', () => {
    const walked = walking([], { answers: { symptom: 'fire', place: 'far' } }, { 'path.place': 'same-task' })
    expect(walked.steps.find((step) => step.kind === 'question' && step.question.id === 'place')).toMatchObject({
      answer: 'near',
      by: 'measured',
      differs: 'far',
    })
  })

  it('stops at the first fault that is present', () => {
    const walked = walking([saying('a', 'unknown'), saying('b', 'present'), saying('c', 'present')], fire)
    expect(brief(walked).at(-1)).toBe('b present measured')
    expect(walked).toMatchObject({ end: 'b', open: [{ fault: 'a' }] })
  })

  it('passes each fault once, however many ladders name it', () => {
    const twice: Question = askPerson({
      id: 'symptom',
      ask: 'What do you see?',
      why: 'It matters.',
      unsure: 'fire',
      answers: { fire: { label: 'fire', then: ['c', narrower] }, nothing: { label: 'nothing', then: [] } },
    })
    const world = worldOf({ p: { kind: 'path', facts: { 'path.place': 'same-task' } } })
    const { steps } = walk(twice, [], thingIn(world, 'p'), world, nothingTold)
    expect(steps.filter(({ kind }) => kind === 'rung')).toHaveLength(1)
  })

  it('goes on after a mere risk', () => {
    expect(walking([saying('a', 'present', 'risks')], fire)).toMatchObject({ end: 'unexplained' })
    expect(walking([saying('a', 'present', 'risks'), saying('a', 'present', 'degrades')], fire).end).toBe('a')
  })

  it('goes on after what only degrades, where the way leads to a fault that breaks', () => {
    const degrades = saying('a', 'present', 'degrades')
    const near = { 'path.place': 'same-task' }
    const walked = walking([degrades, saying('c', 'present')], fire, near)
    expect(brief(walked)).toEqual([
      'symptom=fire told',
      'a present measured',
      'b absent measured',
      'place=near measured',
      'c present measured',
    ])
    expect(walked.end).toBe('c')
    expect(walking([degrades], fire, near).end).toBe('a')
    expect(walking([degrades, saying('c', 'unknown')], fire, near).end).toBe('a')
    // What breaks stands on no rung of this way, or is beside the question.
    expect(walking([degrades, saying('d', 'present')], fire, near).end).toBe('a')
    expect(walking([degrades, { ...saying('c', 'present'), beside: true }], fire, near).end).toBe('a')
  })

  it('leaves nothing open where what is not known is a risk at most', () => {
    const unknown = saying('a', 'unknown')
    expect(walking([unknown], fire, { 'path.place': 'same-task' }).open).toMatchObject([{ fault: 'a' }])
    expect(walking([{ ...unknown, risk: true }], fire, { 'path.place': 'same-task' }).open).toEqual([])
  })

  it('stays open where an answer leaves the trouble unexplained', () => {
    const tried = askFact({
      id: 'tried',
      ask: 'Does it connect?',
      why: 'It matters.',
      reads: 'path.reached',
      answer: (reached) => (reached === 'answered' ? 'yes' : 'no'),
      unsure: 'no',
      answers: { yes: { label: 'yes', then: [] }, no: { label: 'no', then: [], unexplained: true } },
    })
    const over = (reached: unknown) => {
      const world = worldOf({ p: { kind: 'path', facts: { 'path.reached': reached } } })
      return walk(tried, [], thingIn(world, 'p'), world, nothingTold).open.length
    }
    expect([over('answered'), over('fails'), over(missing('denied'))]).toEqual([0, 1, 1])
  })

  it('passes over an answer that is none of the question', () => {
    for (const symptom of ['', 'smoke', 'toString', '__proto__', 'constructor', 'hasOwnProperty'])
      expect(brief(walking([], { answers: { symptom } }))).toEqual(['symptom=nothing assumed'])
  })
})

/** Words a person, an old case file or a hostile one may give as an answer. */
const builtIn = ['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf', '']
const everyAnswer = [...new Set(questions.flatMap(({ answers }) => Object.keys(answers)))]
const anyAnswer = fc.oneof(fc.constantFrom(...everyAnswer, ...builtIn), fc.string())
const anyId = fc.oneof(fc.constantFrom(...questions.map(({ id }) => id), ...builtIn), fc.string())
const faultIds = faultList.map(({ id }) => id)
const anyFault = fc.constantFrom(...faultIds, 'a', '__proto__', 'toString')
const anyVerdict = fc
  .tuple(
    anyFault,
    fc.constantFrom<Verdict['verdict'][]>('present', 'absent', 'unknown'),
    fc.constantFrom<Severity[]>('breaks', 'degrades', 'risks'),
  )
  .map((parts) => saying(...parts))
const anyValue = fc.oneof(anyAnswer, fc.constantFrom(null, undefined, 0, true), fc.constant(missing('failed')))
const anyRecord = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  // A record whose `__proto__` is a key like any other, as JSON.parse makes it.
  fc.array(fc.tuple(keys, values)).map((pairs) => {
    const record: Record<string, T> = {}
    for (const [key, value] of pairs)
      Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
    return record
  })

test('the real tree: over any facts and any answers the walk ends, never throws, and says who answered', () => {
  const reads = questions.flatMap((question) => (question.reads === undefined ? [] : [question.reads]))
  fc.assert(
    fc.property(
      fc.array(anyVerdict),
      fc.record(Object.fromEntries(reads.map((fact) => [fact, anyValue]))),
      anyRecord(anyId, anyAnswer),
      anyRecord(anyFault, fc.constantFrom('present' as const, 'absent' as const)),
      fc.boolean(),
      (verdicts, facts, answers, checks, withPath) => {
        const world = worldOf({ p: { kind: 'path', facts } })
        const { steps, end, open } = walk(root, verdicts, withPath ? thingIn(world, 'p') : undefined, world, {
          answers,
          checks,
        })
        expect(end === 'unexplained' || faultIds.includes(end)).toBe(true)
        for (const step of steps)
          if (step.kind === 'question') {
            expect(Object.keys(step.question.answers)).toContain(step.answer)
            expect(['measured', 'told', 'assumed']).toContain(step.by)
          } else expect(faultIds).toContain(step.fault)
        expect(open.every((step) => steps.includes(step))).toBe(true)
      },
    ),
    { numRuns: 1000 },
  )
})

test('the same facts and answers give the same walk', () => {
  fc.assert(
    fc.property(fc.array(anyVerdict), anyRecord(anyId, anyAnswer), (verdicts, answers) => {
      const world = worldOf({})
      const once = () => walk(root, verdicts, undefined, world, { answers, checks: {} })
      expect(once()).toEqual(once())
    }),
  )
})
