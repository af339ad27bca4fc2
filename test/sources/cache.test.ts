import { expect, it } from 'vitest'
import { nomad } from '../../src/ask/nomad.ts'
import type { Ask, Reply } from '../../src/ask/request.ts'
import { cached } from '../../src/sources/cache.ts'

function counting(): { ask: Ask; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    ask: async (request) => {
      asked.push('path' in request ? request.path : '')
      await new Promise((done) => setTimeout(done, 1))
      return { at: '', ms: 0, status: 200, body: String(asked.length) } satisfies Reply
    },
  }
}

it('asks each question once, also when it is asked again while it is on its way', async () => {
  const source = counting()
  const cache = cached(source.ask)
  const [one, two] = await Promise.all([cache.ask(nomad.job('a')), cache.ask(nomad.job('a', 'default'))])
  expect(one).toBe(two)
  expect(await cache.ask({ via: 'nomad', path: '/v1/job/a?namespace=default' })).toBe(one)
  expect(source.asked).toHaveLength(1)
  await cache.ask(nomad.job('b'))
  expect(source.asked).toHaveLength(2)
})
it('tells the bodies of a plan apart', async () => {
  const source = counting()
  const cache = cached(source.ask)
  await cache.ask(nomad.plan('a', { Count: 1 }))
  await cache.ask(nomad.plan('a', { Count: 1 }))
  await cache.ask(nomad.plan('a', { Count: 2 }))
  expect(source.asked).toHaveLength(2)
})
it('forgets what it is told to forget', async () => {
  const source = counting()
  const cache = cached(source.ask)
  await cache.ask(nomad.job('a'))
  await cache.ask(nomad.job('b'))
  cache.forget((request) => 'path' in request && request.path.endsWith('/a'))
  await cache.ask(nomad.job('a'))
  await cache.ask(nomad.job('b'))
  expect(source.asked).toEqual(['/v1/job/a', '/v1/job/b', '/v1/job/a'])
  cache.forget()
  expect(cache.size()).toBe(0)
})
it('keeps nothing of a source that breaks', async () => {
  let times = 0
  const cache = cached(() =>
    times++ === 0 ? Promise.reject(new Error('bug')) : Promise.resolve({ at: '', ms: 0, status: 0, body: '' }),
  )
  await expect(cache.ask(nomad.nodes())).rejects.toThrow('bug')
  await expect(cache.ask(nomad.nodes())).resolves.toMatchObject({ status: 0 })
})
