import { expect, test } from 'vitest'
import { discreet } from '../../src/ask/discreet.ts'
import { nomad } from '../../src/ask/nomad.ts'
import { redacted } from '../../src/ask/redact.ts'
import type { Request } from '../../src/ask/request.ts'

const secret = 'hunter2-and-more'
const job = { ID: 'a', Env: { API_TOKEN: secret, PORT: '80' } }

/** Answers every question with the same text, and keeps what it was asked. */
function serving(body: string) {
  const asked: Request[] = []
  const ask = discreet((request) => {
    asked.push(request)
    return Promise.resolve({ status: 200, body, at: '2026-01-01T00:00:00Z', ms: 1 })
  })
  return { ask, asked }
}

test('a reply shows no secret, and a job goes back to its servers as they have it', async () => {
  const { ask, asked } = serving(JSON.stringify(job))
  const { body } = await ask(nomad.job('a'))
  expect(JSON.parse(body)).toEqual({ ID: 'a', Env: { API_TOKEN: redacted, PORT: '80' } })
  await ask(nomad.plan('a', JSON.parse(body)))
  expect(asked.at(-1)).toEqual(nomad.plan('a', job))
  await ask(nomad.plan('a', { ID: 'b' }))
  expect(asked.at(-1)).toEqual(nomad.plan('a', { ID: 'b' }))
})

test('the submitted file stays whole: it is edited, and its servers read it again', async () => {
  const source = JSON.stringify({ Source: `API_TOKEN = "${secret}"` })
  const { ask } = serving(source)
  expect((await ask(nomad.submission('a', 0))).body).toBe(source)
})

test('a value seen as a secret is taken out of what is read later', async () => {
  const bodies = [JSON.stringify(job), `login failed with ${secret}`]
  const ask = discreet(() => Promise.resolve({ status: 200, body: bodies.shift() ?? '', at: '', ms: 1 }))
  await ask(nomad.job('a'))
  expect((await ask(nomad.logs('b', 'web', 'stderr'))).body).toBe(`login failed with ${redacted}`)
})

test('what is no JSON passes', async () => {
  const { ask } = serving('API_TOKEN=abc not JSON')
  expect((await ask(nomad.job('a'))).body).toBe(`API_TOKEN=${redacted} not JSON`)
})
