import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

// A caller that dials its own loopback never meets what is wrong at the target.

const recording = recordings.find(({ id }) => id === 'cross-group-localhost')!

const caller = '6b075ba3'
/** The recording with redis on loopback; `there`: what listens in the caller's own namespace. */
const bound =
  (there = '') =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    // Its check was passed before.
    if ('path' in request && request.path.endsWith('/checks')) return { ...reply, body: '{}' }
    if (request.via !== 'netns' || !('argv' in request) || request.argv.join(' ') !== 'ss -H -ltnpe') return reply
    const body = request.alloc.startsWith(caller) ? there : reply.body.replace('*:6379 *:*', '127.0.0.1:6379 0.0.0.0:*')
    return { ...reply, body }
  }
const found = async (change: (ask: Ask) => Ask) => {
  const { report } = await diagnosed(recording, change)
  return { diagnosis: report.diagnosis?.fault, present: report.findings.map(({ id }) => id) }
}

test('the call on localhost comes before a target that listens on loopback', async () => {
  const { diagnosis, present } = await found(bound())
  expect(diagnosis).toBe('cross-group-localhost')
  expect(present).toEqual(expect.arrayContaining(['cross-group-localhost', 'app-binds-loopback-only']))
})

test('with something on that port of the caller the target is why', async () => {
  const own = 'LISTEN 0 9 127.0.0.1:6379 *:* users:(("socat",pid=7,fd=3))\n'
  const { diagnosis, present } = await found(bound(own))
  expect(diagnosis).toBe('app-binds-loopback-only')
  expect(present).not.toContain('cross-group-localhost')
})
