import { describe, expect, it, test } from 'vitest'
import { judge } from '../../src/engine/judge.ts'
import type { Verdict } from '../../src/knowledge/verdict.ts'
import { survey, worst } from '../../src/engine/survey.ts'
import type { Fault } from '../../src/knowledge/fault.ts'
import { faultOf, missing, thingIn, worldOf } from './world.ts'

const node = (facts: Readonly<Record<string, unknown>>, fault: Fault): Verdict => {
  const world = worldOf({ n1: { kind: 'node', facts } })
  return judge(fault, thingIn(world, 'n1'), world)
}

const twoNeeds = faultOf({
  onlyWhen: { 'node.status': ['ready'] },
  needs: ['node.routes', 'node.version'],
  holds: (given) => (given['node.routes'] === 'bad' ? `on ${String(given['node.version'])}` : false),
})

test.each<[string, Readonly<Record<string, unknown>>, Verdict['verdict']]>([
  ['all known, it holds', { 'node.status': 'ready', 'node.routes': 'bad', 'node.version': '2' }, 'present'],
  ['all known, it does not hold', { 'node.status': 'ready', 'node.routes': 'good', 'node.version': '2' }, 'absent'],
  ['only when it is ready, and it is not', { 'node.status': 'down' }, 'absent'],
  [
    'not ready rules it out before anything else is looked at',
    { 'node.status': 'down', 'node.routes': missing('failed') },
    'absent',
  ],
  ['a need was refused', { 'node.status': 'ready', 'node.routes': missing('denied'), 'node.version': '2' }, 'unknown'],
  ['a need was never asked', { 'node.status': 'ready', 'node.routes': 'bad' }, 'unknown'],
  ['the condition is not known, and it would hold', { 'node.routes': 'bad', 'node.version': '2' }, 'unknown'],
  [
    'the condition is not known, and it does not hold either way',
    { 'node.routes': 'x', 'node.version': '2' },
    'absent',
  ],
  ['nothing is known', {}, 'unknown'],
])('%s: %#', (_name, facts, verdict) => {
  expect(node(facts, twoNeeds).verdict).toBe(verdict)
})

describe('a verdict', () => {
  it('names every fact that is missing, with the reason, once', () => {
    const verdict = node({ 'node.routes': missing('denied', 'HTTP 403') }, twoNeeds)
    expect(verdict).toMatchObject({
      verdict: 'unknown',
      because: [
        { fact: 'node.status', why: 'not-asked' },
        { fact: 'node.routes', why: 'denied', detail: 'HTTP 403' },
        { fact: 'node.version', why: 'not-asked' },
      ],
    })
  })

  it('wants its conditions first, and its needs once they are settled', () => {
    expect(node({}, twoNeeds)).toMatchObject({ at: [{ thing: 'n1', fact: 'node.status' }] })
    expect(node({ 'node.status': missing('denied', 'HTTP 403') }, twoNeeds)).toMatchObject({})
  })

  it('asks first for what may rule the fault out, then for all it needs', () => {
    expect(node({}, twoNeeds)).toMatchObject({ at: [{ thing: 'n1', fact: 'node.status' }] })
    expect(node({ 'node.status': missing('denied') }, twoNeeds)).toMatchObject({
      at: [{ fact: 'node.status' }, { fact: 'node.routes' }, { fact: 'node.version' }],
    })
    expect(node({ 'node.status': 'ready' }, twoNeeds)).toMatchObject({
      at: [{ fact: 'node.routes' }, { fact: 'node.version' }],
    })
  })

  it('says which condition rules the fault out, with its evidence', () => {
    expect(node({ 'node.status': 'down' }, twoNeeds)).toMatchObject({
      reason: 'Status of the client in the eyes of the servers: down',
      evidence: [{ ask: 'ask node.status' }],
    })
  })

  it('shows the evidence of its needs, each once, the telling ones first where the fault says so', () => {
    const facts = { 'node.status': 'ready', 'node.routes': 'bad', 'node.version': '2' }
    expect(node(facts, twoNeeds)).toMatchObject({
      says: 'on 2',
      severity: 'breaks',
      evidence: [{ ask: 'ask node.routes' }, { ask: 'ask node.version' }],
    })
    expect(node(facts, { ...twoNeeds, shows: ['node.version'] })).toMatchObject({
      evidence: [{ ask: 'ask node.version' }],
    })
  })

  it('takes a lower severity from the case at hand', () => {
    const fault = faultOf({ holds: () => ({ says: 'a little', severity: 'risks' }) })
    expect(node({ 'node.routes': [] }, fault)).toMatchObject({
      verdict: 'present',
      says: 'a little',
      severity: 'risks',
    })
  })

  it('sees the declared facts and no others', () => {
    let seen: unknown
    node({ 'node.routes': 1, 'node.status': 'ready' }, faultOf({ holds: (given) => ((seen = given), false) }))
    expect(seen).toEqual({ 'node.routes': 1 })
  })

  it('is unknown and our bug when judging crashes', () => {
    const fault = faultOf({
      holds: () => {
        throw new TypeError('x is not a function')
      },
    })
    expect(node({ 'node.routes': [] }, fault)).toMatchObject({
      verdict: 'unknown',
      because: [{ why: 'failed', detail: expect.stringMatching(/our bug.*made-up.*x is not a function/) as string }],
    })
  })
})

const path = (links: Readonly<Record<string, string | null>>, fault: Fault): Verdict => {
  const world = worldOf({ p: { kind: 'path', links }, n1: { kind: 'node', facts: { 'node.routes': [] } } })
  return judge(fault, thingIn(world, 'p'), world)
}

describe('the wanted relation', () => {
  const needsTarget = faultOf({ about: 'path', needs: ['target.node.routes'] })

  it('is followed to the thing it names', () => {
    expect(path({ 'target.node': 'n1' }, needsTarget).verdict).toBe('present')
  })
  it('makes the fault absent when it is known that there is nobody', () => {
    expect(path({ 'target.node': null }, needsTarget)).toMatchObject({
      verdict: 'absent',
      reason: 'there is no target node',
    })
    const conditional = faultOf({ about: 'path', needs: [], onlyWhen: { 'target.node.status': ['ready'] } })
    expect(path({ 'target.node': null }, conditional).verdict).toBe('absent')
  })
  it('leaves the fault unknown while it is not known', () => {
    expect(path({}, needsTarget)).toMatchObject({ verdict: 'unknown', because: [{ fact: 'node.routes' }] })
    expect(path({ 'target.node': 'n2' }, needsTarget).verdict).toBe('unknown')
  })
})

describe('a need of every member', () => {
  const all = faultOf({
    about: 'cluster',
    needs: ['every.node.version'],
    holds: (given) => (given['every.node.version'] as { value: string }[]).map(({ value }) => value).join(),
  })
  const over = (many: Readonly<Record<string, readonly string[]>>): Verdict => {
    const world = worldOf({
      c: { kind: 'cluster', many },
      n1: { kind: 'node', facts: { 'node.version': '1' } },
      n2: { kind: 'node', facts: { 'node.version': '2' } },
      n3: { kind: 'node', facts: { 'node.version': missing('offline') } },
    })
    return judge(all, thingIn(world, 'c'), world)
  }
  it('is the list of their values', () => {
    expect(over({ node: ['n1', 'n2'] })).toMatchObject({ verdict: 'present', says: '1,2' })
    expect(over({ node: [] })).toMatchObject({ verdict: 'present', says: '' })
  })
  it('is not known while one of them is not', () => {
    expect(over({ node: ['n1', 'n3'] })).toMatchObject({ because: [{ why: 'offline' }], at: [{ thing: 'n3' }] })
  })
  it('is not known while the list is not', () => {
    expect(over({})).toMatchObject({ verdict: 'unknown', because: [{ why: 'not-asked' }] })
  })
})

describe('a survey', () => {
  const world = worldOf({
    n1: { kind: 'node', facts: { 'node.routes': 'bad' } },
    n2: { kind: 'node', facts: { 'node.routes': 'good' } },
    n3: { kind: 'node' },
    j1: { kind: 'job' },
  })
  const fault = faultOf({ holds: (given) => given['node.routes'] === 'bad' && 'x' })
  const verdicts = survey([fault], [...world.things.values()], world)

  it('judges each fault over each thing of its kind, and no other', () => {
    expect(verdicts.map(({ thing, verdict }) => `${thing} ${verdict}`)).toEqual([
      'n1 present',
      'n2 absent',
      'n3 unknown',
    ])
  })
  it('has a worst verdict: present, then unknown, then absent', () => {
    expect(worst(verdicts)?.thing).toBe('n1')
    expect(worst(verdicts.slice(1))?.thing).toBe('n3')
    expect(worst(verdicts.slice(1, 2))?.thing).toBe('n2')
    expect(worst([])).toBeUndefined()
  })

  it('lets a check by hand settle what is not known, and nothing else', () => {
    for (const verdict of ['present', 'absent'] as const)
      expect(survey([fault], [...world.things.values()], world, { 'made-up': verdict })).toMatchObject([
        verdicts[0],
        verdicts[1],
        { thing: 'n3', verdict, by: 'told' },
      ])
  })
})
