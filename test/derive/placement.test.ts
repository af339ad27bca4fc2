import { describe, expect, test } from 'vitest'
import { derivations } from '../../src/derive/index.ts'
import { candidates } from '../../src/derive/candidates.ts'
import { derive } from '../../src/derive/derive.ts'
import { failure, offer } from '../../src/knowledge/faults/placement/examples.ts'
import { group, job, record } from '../../src/knowledge/samples.ts'
import type { Constraint } from '../../src/knowledge/shapes/job.ts'
import type { AllocRecord, Evaluation } from '../../src/knowledge/shapes/runtime.ts'
import { worldOf, type GivenValues } from '../world.ts'

/** A derived fact of the group `api`, from facts of its job, its cluster or itself. */
function derived(key: string, given: GivenValues): unknown {
  const { world, thing } = worldOf('group', given)
  const own = { ...thing, names: { job: 'orders', group: 'api' } }
  const grown = derive({ ...world, things: new Map([...world.things, [own.id, own]]) }, derivations)
  const held = grown.facts.get(own.id)?.get(key)
  return held?.known ? held.value : 'unknown'
}

const evaluation = (changed: Partial<Evaluation> = {}): Evaluation => ({
  id: 'e1',
  status: 'complete',
  triggeredBy: 'job-register',
  statusDescription: '',
  createIndex: 1,
  modifyIndex: 1,
  jobModifyIndex: 1,
  failed: {},
  queued: { api: 0 },
  ...changed,
})
const full = failure({ dimensionExhausted: { memory: 2 } })
const blocked = evaluation({ id: 'e2', status: 'blocked', failed: { api: full }, queued: {} })
const failed = evaluation({ failed: { api: full }, queued: { api: 1 } })

const placed = (
  records: readonly AllocRecord[],
  changed: Partial<{
    count: number
    type: string
    version: number
    stopped: boolean
    spawns: boolean
    evaluations: readonly Evaluation[]
  }> = {},
) => {
  const { count = 1, evaluations, ...rest } = changed
  const spec = group({ count })
  return derived('group.placement', {
    'job.spec': job({ groups: [spec], ...rest }),
    'group.spec': spec,
    'job.allocations': records,
    ...(evaluations ? { 'job.evaluations': evaluations } : {}),
  })
}

describe('group.placement', () => {
  test.each<[string, unknown, string]>([
    ['as many as wanted', placed([record('a1')]), 'placed'],
    ['a failed one has a client too', placed([record('a1', { clientStatus: 'failed' })]), 'placed'],
    ['one of two', placed([record('a1')], { count: 2 }), 'partly'],
    ['none', placed([]), 'not-placed'],
    [
      'only what was stopped',
      placed([record('a1', { desiredStatus: 'stop', clientStatus: 'complete' })]),
      'not-placed',
    ],
    ['of a stopped job', placed([], { stopped: true }), 'placed'],
    ['of a periodic job, whose children run', placed([], { spawns: true }), 'placed'],
    [
      'a batch job that ran to its end',
      placed([record('a1', { jobType: 'batch', clientStatus: 'complete' })], { type: 'batch' }),
      'placed',
    ],
    [
      'a system job, all fitted',
      placed([record('a1', { jobType: 'system' })], { type: 'system', evaluations: [evaluation()] }),
      'placed',
    ],
    [
      'a system job that some clients had no room for',
      placed([record('a1', { jobType: 'system' })], { type: 'system', evaluations: [failed] }),
      'partly',
    ],
    [
      'a system job without its evaluations',
      placed([record('a1', { jobType: 'system' })], { type: 'system' }),
      'unknown',
    ],
    ['an update that waits behind what runs', placed([record('a1')], { version: 1, evaluations: [blocked] }), 'partly'],
    [
      'an update that has come through elsewhere',
      placed([record('a1')], { version: 1, evaluations: [evaluation()] }),
      'placed',
    ],
    ['an update without its evaluations', placed([record('a1')], { version: 1 }), 'unknown'],
  ])('%s', (_, found, wanted) => {
    expect(found).toBe(wanted)
  })
})

const refused = (evaluations: readonly Evaluation[], placement = 'not-placed', registered?: boolean) =>
  derived('group.refusals', {
    'group.placement': placement,
    'job.evaluations': evaluations,
    ...(registered === undefined ? {} : { 'job.registered': registered }),
  })

describe('group.refusals', () => {
  const other = failure({ dimensionExhausted: { cpu: 1 } })
  test.each<[string, unknown, unknown]>([
    ['the evaluation that waits', refused([blocked, evaluation({ modifyIndex: 9 })]), full],
    [
      'the newest that is done',
      refused([
        evaluation({ failed: { api: other }, queued: { api: 1 }, modifyIndex: 3 }),
        evaluation({ ...failed, modifyIndex: 2 }),
      ]),
      other,
    ],
    ['a waiting one of a group that is placed by now', refused([blocked], 'placed'), null],
    [
      'another group of the job waits',
      refused([evaluation({ status: 'blocked', failed: { web: full }, queued: {} })]),
      'unknown',
    ],
    ['no evaluation is left', refused([]), 'unknown'],
    ['a job that was never registered', refused([], 'not-placed', false), null],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted)
  })
})

describe('clients a group was meant for', () => {
  const nodes = [
    offer('c1'),
    offer('c2', { datacenter: 'dc2', nodeClass: 'edge' }),
    offer('c3', { nodePool: 'gpu', status: 'down' }),
  ]
  const of = (constraints: readonly Constraint[], changed: Parameters<typeof job>[0] = {}) =>
    candidates(job({ nodePool: 'all', ...changed }), group({ constraints }), nodes).map(({ name }) => name)

  test.each<[string, readonly string[], readonly string[]]>([
    ['all, the one that is down included', of([]), ['c1', 'c2', 'c3']],
    ['those of its datacenters', of([], { datacenters: ['dc2', 'eu-*'] }), ['c2']],
    ['those of its pool', of([], { nodePool: 'default' }), ['c1', 'c2']],
    ['the one named', of([{ left: '${node.unique.name}', operand: '=', right: 'c2' }]), ['c2']],
    ['all but one', of([{ left: '${node.unique.name}', operand: '!=', right: 'c2' }]), ['c1', 'c3']],
    ['those of a class', of([{ left: '${node.class}', operand: 'regexp', right: '^ed' }]), ['c2']],
    ['one of a set', of([{ left: '${node.unique.name}', operand: 'set_contains_any', right: 'c1, c3' }]), ['c1', 'c3']],
    [
      'all, where the list of clients cannot tell',
      of([{ left: '${attr.cpu.arch}', operand: '=', right: 'arm64' }]),
      ['c1', 'c2', 'c3'],
    ],
    [
      'all, where the expression cannot be read',
      of([{ left: '${node.class}', operand: 'regexp', right: '(' }]),
      ['c1', 'c2', 'c3'],
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted)
  })
})

describe('what clients were left out for', () => {
  const hidden = failure({ constraintFiltered: { 'computed class ineligible': 1 } })
  const told = failure({ constraintFiltered: { 'missing network': 1 } })
  const host = failure({ constraintFiltered: { 'missing host network "public" for port "http"': 2 } })
  const other = failure({ constraintFiltered: { '${attr.cpu.arch} = arm64': 2 } })
  const spec = group({ network: { mode: 'cni/lan', ports: [{ label: 'http', to: 80, hostNetwork: 'public' }] } })
  const all = (key: string, refusals: unknown, nodes?: readonly ReturnType<typeof offer>[]) =>
    derived(key, {
      'group.refusals': refusals,
      'group.spec': spec,
      'job.spec': job({ groups: [spec] }),
      ...(nodes ? { 'cluster.offers': nodes } : {}),
    })

  test('a network mode: by the text, or by the clients where the text hides it', () => {
    expect(all('group.missing.mode', told)).toBe(true)
    expect(all('group.missing.mode', null)).toBe(false)
    expect(all('group.missing.mode', other)).toBe(false)
    expect(all('group.missing.mode', hidden)).toBe('unknown')
    expect(all('group.missing.mode', hidden, [offer('c1')])).toBe(true)
    expect(
      all('group.missing.mode', hidden, [offer('c1', { modes: ['cni/lan'] }), offer('c2', { eligible: false })]),
    ).toBe(false)
  })

  test('a host network: the same', () => {
    expect(all('group.missing.host-networks', host)).toEqual([{ network: 'public', label: 'http' }])
    expect(all('group.missing.host-networks', other)).toEqual([])
    expect(all('group.missing.host-networks', hidden)).toBe('unknown')
    expect(all('group.missing.host-networks', hidden, [offer('c1')])).toEqual([{ network: 'public', label: 'http' }])
    expect(all('group.missing.host-networks', hidden, [offer('c1', { hostNetworks: ['public'] })])).toEqual([])
  })

  test('Consul', () => {
    expect(
      all('group.missing.consul', failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 2 } })),
    ).toBe(true)
    expect(all('group.missing.consul', other)).toBe(false)
  })
})
