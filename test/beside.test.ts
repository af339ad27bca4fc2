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
  expect(beside(verdict, undefined, world)).toBe(expected)
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

const [own, others] = [[{ host: '127.0.0.1', port: 9000 }], [{ host: '10.0.0.9', port: 9000 }]]

test.each([
  ['one in another allocation', 'alloc:one', 'none', [], others, true],
  ['one outside, and the target calls others', 'alloc:one', 'none', others, others, true],
  ['one in another allocation, and the target hands on to its neighbour', 'alloc:one', 'none', own, others, false],
  ['one that comes through the proxy of the target', 'alloc:one', 'sidecar', [], others, false],
  ['one somewhere, and what the target calls is not known', 'alloc:one', 'none', null, others, false],
  ['itself, and it dials an address', 'alloc:caller', 'none', [], others, true],
  ['itself, and it dials its own loopback', 'alloc:caller', 'none', [], own, false],
  ['itself, and it dials a name', 'alloc:caller', 'none', [], [{ host: 'api.internal', port: 9000 }], false],
  ['itself, whose packets are turned to a proxy', 'alloc:caller', 'transparent-proxy', [], others, false],
] as const)('loopback is down, and the caller is %s', (_, thing, mesh, calls, dials, expected) => {
  const world = asking('http')
  const held = (value: unknown): Held<unknown> => ({ known: true, value, seen })
  const path = world.things.get('path:p')
  if (!path) throw new Error('there is no path')
  const links = { ...path.links, 'source.group': 'group:g', 'target.group': 'group:g' }
  const things = new Map(world.things).set('path:p', { ...path, links, names: { caller: 'web' } })
  const group = new Map([['group.mesh', held(mesh)], ...(calls ? [['group.calls', held(calls)] as const] : [])])
  const facts = new Map([
    ['group:g', group],
    ['path:p', new Map([['path.dials', held(dials)]])],
  ])
  const fault = faultById.get('cni-no-loopback')
  expect(beside({ thing }, fault, { things, facts })).toBe(expected)
  const judged = { fault: 'cni-no-loopback', thing, about: 'one', says: '', evidence: [], given: {} }
  const met: Verdict = { ...judged, verdict: 'present', severity: 'breaks' }
  expect(inView(expected ? { ...met, beside: true } : met, fault, 'unknown', { things, facts })).toMatchObject({
    severity: expected ? 'degrades' : 'breaks',
  })
  const nobody = new Map(things).set('path:p', { ...path, links, names: {} })
  expect(beside({ thing }, fault, { things: nobody, facts })).toBe(false)
})
