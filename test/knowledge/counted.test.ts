import { expect, test } from 'vitest'
import { once, partsOf } from '../../src/knowledge/counted.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import type { Verdict } from '../../src/knowledge/verdict.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { cached } from '../../src/sources/cache.ts'
import { opened, recordings } from '../recordings.ts'

const judged = { fault: 'f', about: 'path:a->b' } as const
const found = { verdict: 'present', severity: 'breaks', evidence: [], given: {}, says: 'one' } as const

test('instances of one thing count once, each thing said counts, and what is ruled out counts each time', () => {
  const verdicts: readonly Verdict[] = [
    { ...judged, ...found, thing: 'path:1', also: [{ says: 'two' }] },
    { ...judged, ...found, thing: 'path:2' },
    { ...judged, thing: 'path:3', verdict: 'absent', reason: '', evidence: [] },
    { ...judged, thing: 'path:4', verdict: 'absent', reason: '', evidence: [] },
    { ...judged, thing: 'path:5', verdict: 'unknown', because: [], at: [] },
  ]
  const said = once(verdicts).flatMap(partsOf)
  expect(said.map((one) => (one.verdict === 'present' ? one.says : one.thing))).toEqual([
    'one',
    'two',
    'path:3',
    'path:4',
    'path:5',
  ])
})

test.each(recordings.slice(0, 12))('$id: what a survey lists is what its report counts', async (recording) => {
  const aim = { kind: 'survey' } as const
  const { ask } = cached((await opened(recording)).ask)
  const { verdicts, report } = picture(aim, await gather(aim, ask, new Map(), () => nothingTold), nothingTold)
  const listed = once(verdicts).flatMap(partsOf)
  const of = (word: Verdict['verdict']) => listed.filter(({ verdict }) => verdict === word).length
  expect({
    judged: listed.length,
    present: of('present'),
    absent: of('absent'),
    unknown: of('unknown'),
  }).toEqual(report.counts)
})
