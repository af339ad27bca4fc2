import { expect, test } from 'vitest'
import { derive } from '../src/derive/derive.ts'
import { derivations } from '../src/derive/index.ts'
import { judge } from '../src/engine/judge.ts'
import { faultList } from '../src/knowledge/faults/index.ts'
import type { Thing } from '../src/knowledge/things.ts'

const sides = ['job', 'group', 'task', 'alloc'] as const
const path: Thing = {
  id: 'path:outside->shop/api',
  kind: 'path',
  about: 'path:outside->shop/api',
  links: Object.fromEntries(sides.map((side) => [`source.${side}`, null])),
  many: {},
  names: { caller: 'outside' },
}

test('a fault of what only a task can be is ruled out for a caller that is none', () => {
  const world = derive({ things: new Map([[path.id, path]]), facts: new Map() }, derivations)
  const open = faultList
    .filter(({ about }) => about === 'path')
    .flatMap((fault) => {
      const verdict = judge(fault, path, world)
      const because = verdict.verdict === 'unknown' ? verdict.because : []
      return because.some(({ detail }) => detail?.startsWith('there is no source')) ? [fault.id] : []
    })
  expect(open).toEqual([])
})
