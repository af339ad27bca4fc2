import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Verdict } from '../../src/knowledge/verdict.ts'
import { report } from '../../src/engine/report.ts'
import { exitCode } from '../../src/knowledge/exit-code.ts'
import type { Report } from '../../src/knowledge/report.ts'
import type { Walked } from '../../src/knowledge/walked.ts'
import type { Severity } from '../../src/knowledge/fault.ts'
import { askPerson } from '../../src/knowledge/tree/question.ts'
import { faultOf, seenAs, worldOf } from './world.ts'

const order = ['first', 'second', 'third', 'cause', 'consequence']
const faults = new Map(
  order.map((id) => [
    id,
    faultOf({ id, explains: id === 'cause' ? ['consequence', 'first'] : [], byHand: `look at ${id}` }),
  ]),
)
const says = (fault: string, severity: Severity = 'breaks', thing = 'p1'): Verdict => ({
  fault,
  thing,
  about: `path:${thing}`,
  verdict: 'present',
  says: `${fault} says`,
  severity,
  evidence: [seenAs(fault)],
  given: {},
})
const lacks = (fault: string, thing = 'p1'): Verdict => ({
  fault,
  thing,
  about: `path:${thing}`,
  verdict: 'unknown',
  because: [{ fact: 'node.routes', why: 'denied' }],
  at: [],
})
const path = (node: string, about = 'path:web->api') =>
  ({ kind: 'path', about, links: { 'target.node': node } }) as const
const nothing: Walked = { steps: [], end: 'unexplained', open: [] }
const made = (verdicts: readonly Verdict[], walked: Walked = nothing, world = worldOf({})): Report =>
  report(faults, verdicts, walked, world, order)

describe('the diagnosis', () => {
  it.each<[string, readonly Verdict[], string | undefined]>([
    ['nothing present', [lacks('first')], undefined],
    ['the ladder breaks ties', [says('third'), says('second')], 'second'],
    ['a present fault that another explains is no cause', [says('first'), says('cause')], 'cause'],
    ['a fault explained by nobody present stays', [says('consequence')], 'consequence'],
    ['breaks before degrades, wherever it stands', [says('first', 'degrades'), says('third')], 'third'],
    ['degrades when nothing breaks', [says('third', 'degrades')], 'third'],
    ['a risk never', [says('first', 'risks')], undefined],
    ['a risk explains nothing away', [says('cause', 'risks'), says('consequence')], 'consequence'],
  ])('%s', (_name, verdicts, fault) => {
    expect(made(verdicts).diagnosis?.fault).toBe(fault)
  })

  it('prefers what the walk came by, in its order', () => {
    const steps = ['third', 'second'].map((fault) => ({
      kind: 'rung' as const,
      fault,
      verdict: 'present' as const,
      by: 'measured' as const,
      depth: 1,
      judged: undefined,
    }))
    const verdicts = [says('first'), says('second'), says('third')]
    expect(made(verdicts, { steps, end: 'third', open: [] }).diagnosis?.fault).toBe('third')
  })

  it('counts instances: the paths that are wrong, or that touch what is wrong', () => {
    const world = worldOf({
      p1: path('n1'),
      p2: path('n1'),
      p3: path('n2'),
      n1: { kind: 'node' },
      n2: { kind: 'node' },
    })
    expect(made([says('first'), says('first', 'breaks', 'p3')], nothing, world).diagnosis?.instances).toEqual({
      affected: 2,
      total: 3,
    })
    expect(made([says('first', 'breaks', 'n1')], nothing, world).diagnosis?.instances).toEqual({
      affected: 2,
      total: 3,
    })
    expect(made([says('first')]).diagnosis?.instances).toEqual({ affected: 1, total: 1 })
  })

  it('counts in a survey what shares the fault, not all that was looked at', () => {
    const own = { namespace: 'default', job: 'shop', group: 'web' }
    const world = worldOf({
      p1: path('n1'),
      p2: path('n1', 'path:web->db'),
      a1: { kind: 'alloc', names: own },
      a2: { kind: 'alloc', names: own },
      a3: { kind: 'alloc', names: { ...own, group: 'db' } },
      n1: { kind: 'node' },
    })
    const share = (thing: string) => made([says('first', 'breaks', thing)], nothing, world).diagnosis?.instances
    expect(share('a1')).toEqual({ affected: 1, total: 2 })
    expect(share('n1')).toEqual({ affected: 1, total: 1 })
    const pair = { ...says('first', 'breaks', 'p1'), about: 'path:web->api' }
    expect(made([pair], nothing, world).diagnosis?.instances).toEqual({ affected: 1, total: 1 })
  })
})

test('what a check by hand found is the diagnosis, without a fix made of facts that nobody has', () => {
  const found = { ...says('first'), by: 'told' } as const
  const broken = new Map([
    [
      'first',
      faultOf({
        id: 'first',
        fix: () => {
          throw new TypeError('no facts')
        },
      }),
    ],
  ])
  expect(report(broken, [found], nothing, worldOf({}), order)).toMatchObject({
    diagnosis: { fault: 'first' },
    findings: [{ id: 'first', fix: [] }],
  })
})

describe('the report', () => {
  it('has the diagnosis first, then by severity, then by the ladder; what is explained says by what', () => {
    const { findings } = made([says('second', 'risks'), says('third'), says('consequence'), says('cause')])
    expect(findings.map(({ id, explainedBy }) => [id, explainedBy])).toEqual([
      ['third', undefined],
      ['cause', undefined],
      ['consequence', 'cause'],
      ['second', undefined],
    ])
  })
  it('names one finding once, however many instances show it', () => {
    const again = { ...says('first', 'breaks', 'p2'), about: 'path:p1' }
    expect(made([says('first'), again]).findings).toHaveLength(1)
  })
  it('shows the worst of the instances it names once', () => {
    const { findings } = made([{ ...says('first', 'risks', 'p2'), about: 'path:p1' }, says('first')])
    expect(findings).toMatchObject([{ id: 'first', severity: 'breaks' }])
  })
  it('says what would settle what is not known', () => {
    expect(made([lacks('second')]).unknown).toEqual([
      {
        id: 'second',
        about: 'path:p1',
        because: [{ fact: 'node.routes', why: 'denied' }],
        settle: 'look at second',
      },
    ])
  })
})

const question = askPerson({
  id: 'q',
  ask: 'What?',
  why: 'It matters.',
  unsure: 'a',
  answers: { a: { label: 'a', then: [] }, b: { label: 'b', then: [] } },
})
const guess = { kind: 'question', question, answer: 'a', by: 'assumed', depth: 0, evidence: [] } as const
const assumed: Walked = { steps: [guess], end: 'unexplained', open: [guess] }
test.each<[string, 0 | 1 | 3, readonly Verdict[], Walked]>([
  ['nothing wrong, nothing open', 0, [], nothing],
  ['a diagnosis', 1, [says('first')], nothing],
  ['a diagnosis, whatever else is open', 1, [says('first')], assumed],
  ['a fault that only degrades', 1, [says('first', 'degrades')], nothing],
  ['a risk changes nothing', 0, [says('first', 'risks')], nothing],
  ['a risk hides nothing', 3, [says('first', 'risks')], assumed],
  ['something on the way is assumed', 3, [], assumed],
  ['not known, but off the way', 0, [lacks('first')], nothing],
])('exit code, %s: %i', (_name, code, verdicts, walked) => {
  expect(exitCode(made(verdicts, walked))).toBe(code)
})

test('counts add up and the diagnosis is among the findings, whatever the verdicts', () => {
  const any = fc
    .tuple(
      fc.constantFrom(...order),
      fc.constantFrom<(Severity | 'unknown' | 'absent')[]>('breaks', 'degrades', 'risks', 'unknown', 'absent'),
      fc.constantFrom('p1', 'p2'),
    )
    .map(([fault, what, thing]): Verdict => {
      if (what === 'unknown') return lacks(fault, thing)
      return what === 'absent'
        ? { fault, thing, about: thing, verdict: 'absent', reason: '', evidence: [] }
        : says(fault, what, thing)
    })
  fc.assert(
    fc.property(fc.array(any), (verdicts) => {
      const { counts, diagnosis, findings, unknown } = made(verdicts)
      expect(counts.judged).toBeLessThanOrEqual(verdicts.length)
      expect(counts.present + counts.absent + counts.unknown).toBe(counts.judged)
      expect(findings.length).toBe(counts.present)
      expect(unknown.length).toBe(counts.unknown)
      const grave = findings.filter(({ severity }) => severity !== 'risks')
      // What is really wrong always has a cause that is named: explanations never go in a circle.
      expect(diagnosis === null).toBe(grave.length === 0)
      if (diagnosis) {
        expect(findings[0]).toMatchObject({ id: diagnosis.fault, about: diagnosis.about })
        expect(findings[0]?.explainedBy).toBeUndefined()
      }
    }),
  )
})
