import { performance } from 'node:perf_hooks'
import { survey } from '../../src/engine/survey.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'
import type { Item } from './item.ts'

/** A healthy case: nothing is ruled out early there, so that everything has to be thought about. */
export const whole = learnt('cases/bridge-healthy')

async function learnt(dir: string) {
  const opened = await openCase(dir)
  if (opened instanceof CaseError) throw new Error(opened.message)
  const aim = { kind: 'path', subject: subjectOf(opened.info) } as const
  const { ask } = cached(opened.ask)
  const facts = await gather(aim, ask, new Map(), () => nothingTold)
  return { aim, ask, facts, seen: picture(aim, facts, nothingTold) }
}

/** The mean of some runs in a row: one alone is too short for the clock. */
export function mean(run: () => unknown): number {
  const runs = 20
  const start = performance.now()
  for (let i = 0; i < runs; i++) run()
  return (performance.now() - start) / runs
}

export const items: readonly Item[] = [
  {
    name: 'judge all faults for one path',
    limit: 5,
    unit: 'ms',
    async measure() {
      const { seen } = await whole
      return mean(() => survey(faultList, seen.scope, seen.world))
    },
  },
  {
    name: 'from facts to a report',
    limit: 10,
    unit: 'ms',
    async measure() {
      const { aim, facts } = await whole
      // New facts each time, because what was judged last is kept.
      return mean(() => picture(aim, new Map(facts), nothingTold))
    },
  },
]
