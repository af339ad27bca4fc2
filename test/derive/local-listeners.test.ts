import { expect, test } from 'vitest'
import { group, record, task } from '../../src/knowledge/samples.ts'
import type { AllocRecord } from '../../src/knowledge/shapes/runtime.ts'
import { said } from '../../src/knowledge/said-samples.ts'
import { reachDerivations } from '../../src/derive/path/reach.ts'
import { apply } from '../../src/derive/derive.ts'
import { worldOf, type GivenValues } from '../world.ts'
import { valueOf } from './path-cases.ts'

// Who calls itself on loopback: the sockets tell while it runs, and once it failed whether anybody else was there.

const rule = reachDerivations.find(({ provides }) => provides === 'path.local-listeners')
const ended = (clientStatus: string): AllocRecord => ({ ...record('a1'), clientStatus })
const alone = group({ tasks: [task({ name: 'hit' })] })
const calling: GivenValues = {
  'path.caller-namespace': 'group',
  'path.dials': [{ host: '127.0.0.1', port: 8080, from: 'args of task hit' }],
  'source.alloc.record': ended('failed'),
  'source.group.spec': alone,
  'source.group.listens': [],
}
function listening(given: GivenValues, unread = true) {
  const { world, thing } = worldOf('path', given)
  const own = new Map(world.facts.get('source.alloc:example'))
  if (unread) own.set('alloc.netns.listeners', { known: false, why: 'not-found', detail: 'it does not run' })
  const facts = new Map(world.facts).set('source.alloc:example', own)
  if (!rule) throw new Error('no such derivation')
  return valueOf(apply(rule, thing, { ...world, facts }))
}

test('a caller that ran alone and failed had nobody to call there', () => {
  expect(listening(calling)).toEqual([])
})

test.each([
  ['nobody looked for its sockets yet', {}, false],
  ['it ended well, and may have been answered', { 'source.alloc.record': ended('complete') }, true],
  ['it runs, and its sockets cannot be read', { 'source.alloc.record': ended('running') }, true],
  ['another task was there', { 'source.group.spec': group({ tasks: [task(), task({ name: 'db' })] }) }, true],
  ['it says that it listens there itself', { 'source.group.listens': [said({ port: 8080 })] }, true],
])('not known: %s', (_, change, unread) => {
  expect(listening({ ...calling, ...change }, unread)).toBeUndefined()
})

test.each(['source.alloc.record', 'source.group.spec', 'source.group.listens'])('nor without %s', (need) => {
  expect(listening(Object.fromEntries(Object.entries(calling).filter(([key]) => key !== need)))).toBeUndefined()
})
