import { expect, test } from 'vitest'
import { beside, inView } from '../src/knowledge/beside.ts'
import type { Held, World } from '../src/knowledge/fact.ts'
import type { Thing } from '../src/knowledge/things.ts'
import { faultById } from '../src/knowledge/faults/index.ts'
import type { Verdict } from '../src/knowledge/verdict.ts'

const seen = { by: 'example', ask: '["example"]', request: 'example', excerpt: 'as given', at: '' }

/** A path to allocation `one` of which port `label` was asked about, from allocation `caller`. */
function asking(port: string | undefined, label: string | null = port ?? null, target: string | null = 'alloc:one') {
  const bare = { about: '', many: {}, names: {} }
  const list: readonly Thing[] = [
    { ...bare, id: 'alloc:one', kind: 'alloc', links: {} },
    { ...bare, id: 'alloc:caller', kind: 'alloc', links: {} },
    { ...bare, id: 'node:c1', kind: 'node', links: {} },
    {
      ...bare,
      id: 'path:p',
      kind: 'path',
      links: { 'source.alloc': 'alloc:caller', 'target.alloc': target },
      names: port === undefined ? {} : { port },
    },
  ]
  const held: Held<unknown> = { known: true, value: { label, number: null, mapped: null }, seen }
  const facts = new Map([['path:p', new Map([['path.port', held]])]])
  return { things: new Map(list.map((thing) => [thing.id, thing])), facts } satisfies World
}

test.each<[string, { thing: string; ports?: readonly string[] }, World, boolean]>([
  ['the port that was asked about', { thing: 'alloc:one', ports: ['http'] }, asking('http'), false],
  ['another port of the target', { thing: 'alloc:one', ports: ['metrics'] }, asking('http'), true],
  ['several ports, among them that one', { thing: 'alloc:one', ports: ['metrics', 'http'] }, asking('http'), false],
  ['a port of the caller', { thing: 'alloc:caller', ports: ['http'] }, asking('http'), true],
  ['any port, where none was named', { thing: 'alloc:one', ports: ['metrics'] }, asking(undefined, 'http'), false],
  ['a port, where the one asked about is none', { thing: 'alloc:one', ports: ['http'] }, asking('9', null), false],
  ['the whole allocation', { thing: 'alloc:one' }, asking('http'), false],
  ['a client', { thing: 'node:c1', ports: ['metrics'] }, asking('http'), false],
  [
    'a port, where the target runs nowhere',
    { thing: 'alloc:caller', ports: ['x'] },
    asking('http', 'http', null),
    false,
  ],
])('a fault of %s', (_, verdict, world, expected) => {
  expect(beside(verdict, world)).toBe(expected)
})

/** The same with what an attempt met, and how far the target came. */
function meeting(reached: string | null, start: string | null): World {
  const world = asking('http')
  const held = (value: unknown): Held<unknown> => ({ known: true, value, seen })
  const facts = new Map([
    ['path:p', new Map(reached === null ? [] : [['path.reached', held(reached)]])],
    ['alloc:one', new Map(start === null ? [] : [['alloc.start', held(start)]])],
  ])
  return { ...world, facts }
}

const [check, placing, packet] = ['nsd-check-failing', 'missing-host-network', 'forward-jump-missing']

test.each([
  ['a failing check', check, 'cannot-connect', 'answered', null, 'degrades', true],
  ['a failing check of what is up, and nobody tried', check, 'sometimes', null, 'up', 'degrades', true],
  ['a failing check that restarts the task', check, 'cannot-connect', null, 'unsteady', 'breaks', undefined],
  ['a failing check, nothing else known', check, 'cannot-connect', null, null, 'breaks', undefined],
  ['a failing check, asked why the job is not healthy', check, 'not-placed', 'answered', 'up', 'breaks', undefined],
  ['a failing check, asked about everything', check, 'unknown', 'answered', 'up', 'degrades', undefined],
  ['a failing check, where the connection fails', check, 'unknown', 'fails', 'up', 'degrades', true],
  ['a new version that is not placed', placing, 'cannot-connect', 'answered', 'up', 'degrades', true],
  ['the same, where nobody tried', placing, 'cannot-connect', null, 'up', 'breaks', undefined],
  ['the same, asked about everything', placing, 'unknown', 'answered', 'up', 'breaks', undefined],
  ['what stops packets', packet, 'cannot-connect', 'answered', 'up', 'breaks', undefined],
] as const)('%s', (_, id, symptom, reached, start, severity, expected) => {
  const judged = { fault: id, thing: 'alloc:one', about: 'one' }
  const verdict: Verdict = { ...judged, verdict: 'present', says: '', severity: 'breaks', evidence: [], given: {} }
  const seenNow = inView(verdict, faultById.get(id), symptom, meeting(reached, start))
  expect(seenNow).toMatchObject({ severity, ...(expected ? { beside: true } : {}) })
  expect('beside' in seenNow).toBe(expected === true)
})

test.each([
  ['a rule on the way to an allocation that failed', packet, 'failed', true],
  ['a rule on the way to one that runs', packet, 'running', false],
  ['a rule on the way to one nobody asked about', packet, null, false],
  ['a port of an allocation that failed, which may be why', 'same-group-port-clash', 'failed', false],
] as const)('not known: %s', (_, fault, status, expected) => {
  const world = asking('http')
  const own: [string, Held<unknown>][] = status === null ? [] : [['alloc.status', { known: true, value: status, seen }]]
  const unknown: Verdict = { fault, thing: 'node:c1', about: 'c1', verdict: 'unknown', because: [], at: [] }
  const facts = new Map([['alloc:one', new Map(own)]])
  expect('beside' in inView(unknown, faultById.get(fault), 'unknown', { ...world, facts })).toBe(expected)
  const nobody = asking('http', 'http', null)
  expect('beside' in inView(unknown, faultById.get(fault), 'unknown', nobody)).toBe(fault === packet)
})
