import { expect, test } from 'vitest'
import { watchArgv } from '../../src/ask/packets.ts'
import { actionOf } from '../../src/run/action.ts'
import type { Place } from '../../src/run/place.ts'
import { pictureOf } from '../../src/run/selectors.ts'
import { storeOf } from '../../src/run/store.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { openCase } from '../../src/sources/case.ts'

const opened = await openCase('cases/app-binds-loopback-only')
if (!('ask' in opened)) throw new Error(opened.message)
const { ask, info } = opened
const place: Place = { kind: 'case', where: '', connect: () => ask, forget: () => {}, exchanges: () => [] }
const store = storeOf({ place, cases: () => Promise.resolve([]), openCase: () => Promise.resolve(''), copy: () => {} })
await store.act.lookAt({ kind: 'path', subject: subjectOf(info) })

const state = store.getState()
const named = [...(pictureOf(state)?.world.things.values() ?? [])].filter(({ kind }) => kind === 'alloc')
const { alloc = '', node = '' } = named.find(({ names }) => names.job === 'checkout')?.names ?? {}
const short = alloc.slice(0, 8)

test('an action names task, allocation, job, group and client', () => {
  const action = actionOf(state, { via: 'task', alloc, task: 'web', argv: ['grep', '-E', '10 (a|b)', '/etc/hosts'] })
  expect(action).toMatchObject({
    what: "grep -E '10 (a|b)' /etc/hosts",
    where: `task web of checkout/web (${short}) on c2`,
    exactly: `In task web of allocation ${short}, job checkout, group web, on client c2`,
  })
})

test('what runs on a client names the client, and the allocation whose network it enters', () => {
  const connect = { proto: 'tcp', host: 'fd00::1', port: 80 } as const
  expect(actionOf(state, { via: 'netns', node, alloc, connect })).toMatchObject({
    what: 'connect to [fd00::1]:80',
    exactly: `In the network namespace of allocation ${short}, job checkout, group web, on client c2`,
  })
  const argv = watchArgv({ proto: 'tcp', hosts: ['10.0.0.1'], doors: [{ host: '10.0.0.9', port: 80 }] }) ?? []
  const watching = actionOf(state, { via: 'node', node, argv })
  expect(watching).toMatchObject({ where: 'client c2', exactly: 'On client c2' })
  expect(watching.means).toMatch(/watches the headers of packets .* six seconds at most/)
})

test('what is not known by name is named by its id', () => {
  const other = 'ffffffff-0000-0000-0000-000000000000'
  const action = actionOf(state, { via: 'task', alloc: other, task: 'web', argv: ['env'] })
  expect(action.exactly).toBe('In task web of allocation ffffffff')
  expect(actionOf(state, { via: 'node', node: other, argv: ['env'] }).exactly).toBe(`On machine ${other}`)
})

test('during a second look what has just come is named, though the screens show what was before', () => {
  const looking = { ...state, facts: new Map(), arriving: state.facts, phase: 'verifying' as const }
  const action = actionOf(looking, { via: 'task', alloc, task: 'web', argv: ['env'] })
  expect(action.where).toBe(`task web of checkout/web (${short}) on c2`)
})
