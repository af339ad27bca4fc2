import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apply, derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { scope } from '../../src/derive/scope.ts'
import { things } from '../../src/derive/things.ts'
import { judge } from '../../src/engine/judge.ts'
import { survey } from '../../src/engine/survey.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import type { RawFacts } from '../../src/run/look.ts'
import { gather } from '../../src/run/loop.ts'
import { memoryOf, type Memory } from '../../src/run/memory.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { opened, recordings } from '../recordings.ts'

const recording = recordings.find(({ id }) => id === 'wrong-to-port')
if (!recording) throw new Error('no recording')
const { ask, info } = await opened(recording)
const subject = subjectOf(info)
const whole = await gather({ kind: 'path', subject }, ask, new Map(), () => nothingTold)
const all = [...whole].flatMap(([thing, own]) => [...own].map(([fact, held]) => ({ thing, fact, held })))

function without(left: ReadonlySet<number>): RawFacts {
  const facts = new Map<string, Map<string, (typeof all)[number]['held']>>()
  for (const [index, { thing, fact, held }] of all.entries())
    if (!left.has(index)) facts.set(thing, (facts.get(thing) ?? new Map()).set(fact, held))
  return facts
}

function thought(facts: RawFacts, memory: Memory) {
  const aim = { kind: 'path', subject } as const
  const known = new Map([...things(aim, facts)].map(([id, thing]) => [id, memory.intern(thing)]))
  const world = derive({ things: known, facts }, derivations, memory.apply)
  return { world, verdicts: survey(faultList, scope(aim, world).map(memory.intern), world, {}, memory.judge) }
}
const forgetful: Memory = { intern: (thing) => thing, apply, judge }

test('what is remembered is what would be found anew, whatever is learnt or lost in between', () => {
  const memory = memoryOf({ kind: 'path', subject })
  const missing = fc.array(fc.nat(all.length - 1), { maxLength: 8 })
  fc.assert(
    fc.property(missing, (left) => {
      const facts = without(new Set(left))
      expect(thought(facts, memory)).toEqual(thought(facts, forgetful))
    }),
    { numRuns: 40 },
  )
})

test('what nothing new was learnt about is not thought about again', () => {
  const memory = memoryOf({ kind: 'path', subject })
  const before = thought(without(new Set()), memory)
  const after = thought(without(new Set()), memory)
  expect(after.verdicts.every((verdict, index) => verdict === before.verdicts[index])).toBe(true)
})
