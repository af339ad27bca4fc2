import { expect, test } from 'vitest'
import { beside } from '../src/knowledge/beside.ts'
import type { Held, World } from '../src/knowledge/fact.ts'
import type { Thing } from '../src/knowledge/things.ts'

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
