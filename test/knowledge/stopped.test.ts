import { expect, test } from 'vitest'
import { group, job } from '../../src/knowledge/samples.ts'
import { signsOf } from '../../src/knowledge/signs.ts'
import { stoppedOf } from '../../src/knowledge/stopped.ts'
import { unplacedOf } from '../../src/knowledge/unplaced.ts'
import { worldOf } from '../engine/world.ts'

const between = (source: boolean | null, target: boolean | null) => {
  const spec = (id: string, stopped: boolean | null) =>
    stopped === null ? {} : { 'job.spec': { ...job({ id }), stopped } }
  return worldOf({
    s: { kind: 'job', facts: spec('web', source) },
    t: { kind: 'job', facts: spec('api', target) },
    p: { kind: 'path', links: { 'source.job': 's', 'target.job': 't' }, names: { caller: 'web' } },
  })
}
const said = (world: ReturnType<typeof worldOf>, asked: boolean) =>
  stoppedOf([...world.things.values()], world, asked).map(({ sentence }) => sentence.split(':')[0])

test('of a stopped job it is said that nothing of it runs; of a stopped caller, where it was asked about', () => {
  expect(said(between(false, true), true)).toEqual(['job api is stopped'])
  expect(said(between(true, false), true)).toEqual(['job web is stopped'])
  expect(said(between(false, true), false)).toEqual(['job api is stopped'])
  expect(said(between(true, true), false)).toEqual([])
  expect(said(between(false, false), true)).toEqual([])
  expect(said(between(null, null), true)).toEqual([])
})

const failure = {
  nodesEvaluated: 2,
  nodesFiltered: 2,
  nodesExhausted: 0,
  nodesInPool: 2,
  constraintFiltered: { '${meta.gpu} = yes': 2 },
  classFiltered: {},
  dimensionExhausted: { 'network: port collision': 1 },
}
test.each([
  [
    failure,
    ': for the scheduler, "${meta.gpu} = yes" keeps out 2 clients and "network: port collision" is exhausted on 1 client',
  ],
  [{ ...failure, nodesInPool: 0 }, ': no client is in its node pool and datacenters'],
  [null, ''],
  [undefined, ''],
])('a group without allocations is told with what the scheduler says of it', (refusals, why) => {
  const facts = {
    'group.placement': 'not-placed',
    'group.spec': group({ name: 'api' }),
    ...(refusals === undefined ? {} : { 'group.refusals': refusals }),
  }
  const world = worldOf({
    j: { kind: 'job', facts: { 'job.spec': job({ id: 'pend' }) } },
    g: { kind: 'group', facts, links: { job: 'j' }, names: { job: 'pend', group: 'api' } },
    p: { kind: 'path', links: { 'target.job': 'j', 'target.group': 'g' } },
  })
  const all = [...world.things.values()]
  const sentence = `group pend/api has no allocation on any client${why}`
  expect(signsOf(all, world).map((sign) => sign.sentence)).toEqual([sentence])
  expect(unplacedOf(all, [], world).map((sign) => sign.sentence)).toEqual([sentence])
})
