import { describe, expect, it } from 'vitest'
import { plan } from '../../src/engine/plan.ts'
import { type Deriver, type Looker } from '../../src/knowledge/origin.ts'
import type { World } from '../../src/knowledge/fact.ts'
import { missing, worldOf } from './world.ts'

const looker = (id: string, about: Looker['about'], provides: string, more: Partial<Looker> = {}): Looker => ({
  id,
  about,
  provides: [provides],
  given: [],
  cost: 'free',
  ...more,
})
const probes: readonly Looker[] = [
  looker('node-document', 'node', 'node.document'),
  looker('job', 'job', 'job.spec'),
  looker('routes', 'alloc', 'alloc.routes', { given: ['alloc.record', 'node.document'] }),
  looker('record', 'alloc', 'alloc.record'),
  looker('env', 'alloc', 'alloc.env', { cost: 'intrusive' }),
  looker('log', 'node', 'node.agent-log', { cost: 'slow' }),
]
const derivations: readonly Deriver[] = [
  { provides: 'node.status', about: 'node', from: ['node.document'] },
  { provides: 'group.spec', about: 'group', from: ['job.spec'] },
  { provides: 'group.network.mode', about: 'group', from: ['group.spec'], maybe: ['every.alloc.record'] },
]
const links = { node: 'n', group: 'g', job: 'j' }
const world = (facts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}): World =>
  worldOf({
    n: { kind: 'node', facts: facts['n'] ?? {} },
    a: { kind: 'alloc', links, facts: facts['a'] ?? {} },
    g: { kind: 'group', links: { job: 'j' }, many: { alloc: ['a'] }, facts: facts['g'] ?? {} },
    j: { kind: 'job', facts: facts['j'] ?? {} },
  })
const planned = (wanted: readonly string[], facts: Parameters<typeof world>[0] = {}): string[] =>
  plan(
    wanted.map((spot) => ({ thing: spot.split(' ')[0] ?? '', fact: spot.split(' ')[1] ?? '' })),
    world(facts),
    probes,
    derivations,
  ).map(({ probe, thing }) => `${probe} ${thing.id}`)

describe('a plan', () => {
  it('names the probe of a wanted fact', () => {
    expect(planned(['n node.document'])).toEqual(['node-document n'])
  })
  it('traces a derived fact to the probes behind it, through other derived facts and optional inputs', () => {
    expect(planned(['n node.status'])).toEqual(['node-document n'])
    expect(planned(['g group.network.mode']).toSorted()).toEqual(['job j', 'record a'])
  })
  it('looks first for what a probe must be given', () => {
    expect(planned(['a alloc.routes']).toSorted()).toEqual(['node-document n', 'record a'])
    const given = { n: { 'node.document': {} }, a: { 'alloc.record': {} } }
    expect(planned(['a alloc.routes'], given)).toEqual(['routes a'])
  })
  it('asks for nothing twice: neither what is known nor what was refused', () => {
    expect(planned(['n node.document', 'n node.status'])).toEqual(['node-document n'])
    expect(planned(['n node.document'], { n: { 'node.document': {} } })).toEqual([])
    expect(planned(['n node.document', 'n node.status'], { n: { 'node.document': missing('denied') } })).toEqual([])
    expect(
      planned(['a alloc.routes'], { n: { 'node.document': missing('denied') }, a: { 'alloc.record': {} } }),
    ).toEqual([])
  })
  it('has the cheap first, and what runs inside a workload last', () => {
    expect(planned(['a alloc.env', 'n node.agent-log', 'n node.document'])).toEqual([
      'node-document n',
      'log n',
      'env a',
    ])
  })
  it('passes over what nobody can settle: a fact without origin, a thing that is not there, a fact of another kind', () => {
    expect(planned(['n node.sysctls', 'nobody node.document', 'j node.document', 'j node.status'])).toEqual([])
  })
  it('ends where derivations lean on each other', () => {
    const circle: readonly Deriver[] = [
      { provides: 'node.status', about: 'node', from: ['node.version'] },
      { provides: 'node.version', about: 'node', from: ['node.status', 'node.document'] },
    ]
    const runs = plan([{ thing: 'n', fact: 'node.status' }], world(), probes, circle)
    expect(runs.map(({ probe }) => probe)).toEqual(['node-document'])
  })
})
