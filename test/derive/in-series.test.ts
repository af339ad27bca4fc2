import { expect, test } from 'vitest'
import { fewest, goingOn, ordered, sharing } from '../../src/derive/walk/in-series.ts'
import type { Finding, Trial } from '../../src/knowledge/report.ts'

type Steps = Finding['fix']
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((what) => ({ do: what, on: 'client c1', risk: 'none' })) as [
  Steps[number],
  Steps[number],
  Steps[number],
  Steps[number],
]
const trial = (arrives: 'yes' | 'no'): Trial => ({
  tried: true,
  address: '10.0.0.1:25000',
  before: 'silent',
  after: arrives === 'yes' ? 'answered' : 'silent',
  arrives,
  others: 0,
  worse: [],
})
/** The packet arrives once the first of these is done, and one of the other two. */
const tryAll = (steps: Steps): Trial =>
  trial(steps.includes(a) && (steps.includes(b) || steps.includes(c)) ? 'yes' : 'no')

test('of steps that mend it together the first ones are kept, none of them spare', () => {
  expect(fewest([a, b, c, d], tryAll)).toEqual([a, b])
  expect(fewest([d, c, b, a], tryAll)).toEqual([c, a])
  expect(fewest([b, c], tryAll)).toBeUndefined()
  expect(fewest([], tryAll)).toBeUndefined()
})

test('steps that were tried together say with which others', () => {
  const shared = trial('yes')
  const numbers = (steps: Steps) => steps.map((step) => (step.trial?.tried ? step.trial.together : null))
  expect(numbers(sharing([a, b, c], [{ steps: [a, c], trial: shared }]))).toEqual([[3], null, [1]])
  expect(numbers(sharing([a, b, c], [{ steps: [b], trial: shared }]))).toEqual([null, undefined, null])
  const groups = [
    { steps: [a, c], trial: shared },
    { steps: [b, d], trial: trial('yes') },
  ]
  expect(numbers(sharing([a, b, c, d], groups))).toEqual([[3], [4], [1], [2]])
})

test('a step that goes on from others is tried on top of them, and stays behind them', () => {
  const run = ['true']
  const tried = [
    { ...a, run, trial: trial('yes'), proven: true as const },
    { ...b, do: 'Or b', run, trial: trial('no') },
    { ...c, do: 'And c', run, trial: trial('no') },
    { ...d, do: 'And d', run },
    { ...d, do: 'Or d', run, trial: trial('no') },
  ]
  const seen: string[][] = []
  const steps = goingOn(tried, (some) => {
    seen.push(some.map((step) => step.do))
    return trial('yes')
  })
  // What was not tried alone is not tried on top either.
  expect(seen).toEqual([['Or b', 'And c']])
  expect(steps.map((step) => step.trial?.tried && step.trial.upon)).toEqual([
    undefined,
    undefined,
    1,
    undefined,
    undefined,
  ])
  expect(ordered(steps).map((step) => step.do)).toEqual(['a', 'Or b', 'And c', 'And d', 'Or d'])
  expect(ordered(tried).map((step) => step.do)).toEqual(['a', 'And d', 'Or b', 'And c', 'Or d'])
})
