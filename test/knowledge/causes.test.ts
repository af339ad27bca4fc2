import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/knowledge/verdict.ts'
import { report } from '../../src/engine/report.ts'
import { byCause, inOrder } from '../../src/knowledge/causes.ts'
import { faultById, faultList } from '../../src/knowledge/faults/index.ts'
import type { Report } from '../../src/knowledge/report.ts'
import type { Thing } from '../../src/knowledge/things.ts'
import { faultOrder } from '../../src/knowledge/tree/index.ts'

const thing = (id: string, links: Thing['links'] = {}, many: Thing['many'] = {}): Thing => ({
  id,
  kind: id.split(':')[0] as Thing['kind'],
  about: id,
  links,
  many,
  names: {},
})
const things = new Map(
  [
    thing('cluster:all'),
    thing('node:c1'),
    thing('node:c2'),
    thing('job:shop'),
    thing('group:shop/api', { job: 'job:shop' }),
    thing('alloc:a1', { job: 'job:shop', group: 'group:shop/api', node: 'node:c1' }),
    thing('alloc:b1', { job: 'job:bank', node: 'node:c1' }),
    thing('service:orders', { job: 'job:shop', group: 'group:shop/api' }),
    thing('path:web->api', { 'target.alloc': 'alloc:a1', 'target.node': 'node:c1' }),
  ].map((one) => [one.id, one]),
)
const world = { things, facts: new Map() }

/** A job with two groups, one of them with two allocations, and a caller of its own whose path leads to one of these. */
const neighbours = new Map(
  [
    thing('group:shop/api', { job: 'job:shop' }),
    thing('group:shop/db', { job: 'job:shop' }),
    thing('task:shop/api/main', { job: 'job:shop', group: 'group:shop/api' }),
    thing('alloc:a1', { job: 'job:shop', group: 'group:shop/api', node: 'node:c1' }),
    thing('alloc:a2', { job: 'job:shop', group: 'group:shop/api', node: 'node:c2' }),
    thing('alloc:d1', { job: 'job:shop', group: 'group:shop/db', node: 'node:c1' }),
    thing('service:api', { job: 'job:shop', group: 'group:shop/api' }, { alloc: ['alloc:a1', 'alloc:a2'] }),
    thing('service:db', { job: 'job:shop', group: 'group:shop/db' }, { alloc: ['alloc:d1'] }),
    thing(
      'path:db->api',
      {
        'source.job': 'job:shop',
        'source.group': 'group:shop/db',
        'source.service': 'service:db',
        'source.alloc': 'alloc:d1',
        'target.job': 'job:shop',
        'target.group': 'group:shop/api',
        'target.alloc': 'alloc:a1',
      },
      { alloc: ['alloc:a1', 'alloc:a2'], service: ['service:api'] },
    ),
    thing('job:shop', {}, { group: ['group:shop/api', 'group:shop/db'], alloc: ['alloc:a1', 'alloc:a2', 'alloc:d1'] }),
  ].map((one) => [one.id, one]),
)
const says = (fault: string, at: string, but: Partial<Verdict & { verdict: 'present' }> = {}): Verdict => ({
  fault,
  thing: at,
  about: at,
  verdict: 'present',
  says: `${fault} says`,
  severity: faultById.get(fault)?.severity ?? 'breaks',
  evidence: [],
  given: {},
  ...but,
})
// No facts are given here, so no step of a cure can be made of them.
const faults = new Map(faultList.map((fault) => [fault.id, { ...fault, fix: () => [] }]))
const made = (verdicts: readonly Verdict[]): Report =>
  report(faults, verdicts, { steps: [], end: 'unexplained', open: [] }, world, faultOrder)
const explained = (verdicts: readonly Verdict[], id: string): string | undefined => {
  const found = made(verdicts).findings.find((one) => one.id === id)
  return found?.explainedBy && `${found.explainedBy} ${found.explainedByAbout ?? ''}`
}

describe('a cause explains what shows at things that belong together', () => {
  const check = says('nsd-check-failing', 'service:orders')
  test.each([
    ['of an allocation and the service it registers', says('veth-down', 'alloc:a1'), 'veth-down alloc:a1'],
    ['of a path and the service of its target', says('nat-flushed', 'path:web->api'), undefined],
    ['not of another job on the same client', says('veth-down', 'alloc:b1'), undefined],
    ['not one that is only a risk', says('veth-down', 'alloc:a1', { severity: 'risks' }), undefined],
    ['not one that a person told', says('veth-down', 'alloc:a1', { by: 'told' }), undefined],
    ['not one that explains something else', says('missing-network', 'group:shop/api'), undefined],
  ])('%s', (_name, cause, expected) => {
    expect(explained([check, cause], 'nsd-check-failing')).toBe(expected)
  })
  test('a client that is down explains what it has registered', () => {
    const down = says('no-default-route', 'node:c1')
    expect(explained([down, says('ingress-absent-on-node', 'path:web->api')], 'ingress-absent-on-node')).toBe(
      'no-default-route node:c1',
    )
  })
})

describe('what stands side by side in one job explains nothing of the other', () => {
  const two = new Map([
    ['cause', { ...faultList[0]!, id: 'cause', explains: ['shows'], fix: () => [] }],
    ['shows', { ...faultList[0]!, id: 'shows', explains: [], fix: () => [] }],
  ])
  test.each([
    ['an allocation', 'alloc:a1', 'service:api', true],
    ['an allocation of another group', 'alloc:a1', 'service:db', false],
    ['a group', 'group:shop/api', 'alloc:a2', true],
    ['another group', 'group:shop/api', 'alloc:d1', false],
    ['another group, of a group', 'group:shop/api', 'group:shop/db', false],
    ['a task of the group', 'task:shop/api/main', 'service:api', true],
    ['another allocation of the group', 'alloc:a1', 'alloc:a2', false],
    ['the job', 'job:shop', 'service:db', true],
    ['a path, at its target', 'path:db->api', 'service:api', true],
    ['a path, at the service of its caller', 'path:db->api', 'service:db', false],
    ['a path, at the allocation it ends at', 'path:db->api', 'alloc:a1', true],
    ['a path, at one it does not end at', 'path:db->api', 'alloc:a2', false],
    ['the service that a caller asks for', 'service:api', 'alloc:d1', true],
    ['the service of the caller itself', 'service:db', 'alloc:a1', false],
  ])('%s: %s and what shows at %s', (_name, from, at, together) => {
    const nowhere = { steps: [], end: 'unexplained', open: [] }
    const seen = { things: neighbours, facts: new Map() }
    const { findings } = report(two, [says('cause', from), says('shows', at)], nowhere, seen, ['cause', 'shows'])
    expect(findings.find(({ id }) => id === 'shows')?.explainedBy).toBe(together ? 'cause' : undefined)
  })
  test('what is beside the question explains only what is beside it too', () => {
    const [cause, shows] = [says('cause', 'alloc:a1', { beside: true }), says('shows', 'alloc:a1')]
    const by = (...all: readonly Verdict[]) =>
      report(two, all, { steps: [], end: 'unexplained', open: [] }, world, ['cause', 'shows']).findings.at(-1)
        ?.explainedBy
    expect(by(cause, shows)).toBeUndefined()
    expect(by(cause, { ...shows, beside: true })).toBe('cause')
  })
})

test('whatever is present, explanations name a finding, end at a cause, and list each finding once', () => {
  const explaining = faultList.filter(({ explains }) => explains.length > 0)
  const ids = [
    ...new Set(explaining.flatMap(({ id, explains }) => [id, ...explains.filter((one) => faultById.has(one))])),
  ]
  const any = fc
    .tuple(
      fc.constantFrom(...ids),
      fc.constantFrom(...things.keys()),
      fc.constantFrom<('breaks' | 'degrades' | 'risks')[]>('breaks', 'degrades', 'risks'),
    )
    .map(([fault, at, severity]) => says(fault, at, { severity }))
  fc.assert(
    fc.property(fc.array(any, { maxLength: 30 }), (verdicts) => {
      const { findings } = made(verdicts)
      const byKey = new Map(findings.map((one) => [`${one.id} ${one.about}`, one]))
      for (const finding of findings) {
        const way = new Set<unknown>()
        for (let at: typeof finding | undefined = finding; at?.explainedBy !== undefined;) {
          expect(way.has(at)).toBe(false)
          way.add(at)
          at = byKey.get(`${at.explainedBy} ${at.explainedByAbout ?? ''}`)
          expect(at).toBeDefined()
        }
      }
      const placed = inOrder(byCause(findings)).map(({ finding }) => finding)
      expect(placed).toHaveLength(findings.length)
      expect(new Set(placed)).toEqual(new Set(findings))
    }),
  )
})

test('what a fault explains is a fault the program knows', () => {
  const unknown = faultList.flatMap(({ id, explains }) =>
    explains.filter((other) => !faultById.has(other)).map((other) => `${id} explains ${other}`),
  )
  expect(unknown).toEqual([])
})
