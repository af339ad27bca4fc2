import { expect, test } from 'vitest'
import type { Ask, Request } from '../../src/ask/request.ts'
import { keyOf } from '../../src/ask/canonical.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { cached } from '../../src/sources/cache.ts'
import { opened, recordings } from '../recordings.ts'

const recording = recordings.find(({ id }) => id === 'wrong-to-port')
if (!recording) throw new Error('no recording')
const { ask, info } = await opened(recording)
const aim = { kind: 'path', subject: subjectOf(info) } as const
const told = () => nothingTold
const isSysctl = (request: Request) => 'argv' in request && request.argv[0] === 'sysctl'

const broken: Ask = (request) => (isSysctl(request) ? Promise.reject(new Error('socket torn')) : ask(request))

test('a slow answer holds up nobody else', async () => {
  const found: string[] = []
  // What is asked last, after several plans, has to be there before the slow answer comes at all.
  const last = Promise.withResolvers<void>()
  const slow: Ask = async (request) => {
    if (isSysctl(request)) await last.promise
    return ask(request)
  }
  const facts = await gather(aim, slow, new Map(), told, {
    started: () => {},
    found: ({ probe }) => {
      found.push(probe.id)
      if (probe.id === 'node-lookups') last.resolve()
    },
  })
  expect(found.indexOf('sysctls')).toBeGreaterThan(found.indexOf('node-lookups'))
  expect(picture(aim, facts, nothingTold).report.diagnosis?.fault).toBe('wrong-to-port')
})

test('a source that breaks its word and throws is our bug, not the end', async () => {
  const facts = await gather(aim, broken, new Map(), told)
  const held = [...facts.values()].map((own) => own.get('node.sysctls')).filter((one) => one !== undefined)
  expect(held.length).toBeGreaterThan(0)
  for (const one of held)
    expect(one).toMatchObject({
      known: false,
      why: 'failed',
      detail: expect.stringMatching(/our bug.*socket torn/) as string,
    })
})

test('nothing is asked twice', async () => {
  const asked: string[] = []
  const counting = cached((request) => {
    asked.push(`${keyOf(request)} ${'body' in request ? JSON.stringify(request.body) : ''}`)
    return ask(request)
  })
  await gather(aim, counting.ask, new Map(), told)
  expect(asked).toEqual([...new Set(asked)])
})

test('what is known already is not looked for again', async () => {
  const facts = await gather(aim, ask, new Map(), told)
  const started: string[] = []
  const again = await gather(aim, ask, facts, told, {
    started: ({ probe }) => started.push(probe.id),
    found: () => {},
  })
  expect(started).toEqual([])
  expect(again).toBe(facts)
})

test('once it is stopped it starts nothing more, and keeps what it has', async () => {
  const stop = new AbortController()
  const started: string[] = []
  const facts = await gather(
    aim,
    ask,
    new Map(),
    told,
    {
      started: ({ probe }) => started.push(probe.id),
      found: () => stop.abort(),
    },
    stop.signal,
  )
  expect(started.length).toBeGreaterThan(0)
  expect(started).not.toContain('sysctls')
  expect(facts.size).toBeGreaterThan(0)
})
