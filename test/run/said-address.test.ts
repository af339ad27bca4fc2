import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { reportOf } from '../recordings.ts'

/** A sound client, and a service whose block says the address of the catalogue itself. */
const saying =
  (source: Ask): Ask =>
  async (request) => {
    const reply = await source(request)
    if (!('path' in request) || !('body' in reply)) return reply
    const change = changes.find(([path]) => path.test(request.path))?.[1]
    return change ? { ...reply, body: change(reply.body) } : reply
  }
const changes: readonly (readonly [RegExp, (body: string) => string])[] = [
  [/^\/v1\/job\/orders-api$/, (body) => body.replaceAll('"Address":""', '"Address":"127.0.0.1"')],
  [
    /\/orders-api\/submission/,
    (body) =>
      body.replace(String.raw`provider = \"nomad\"`, String.raw`provider = \"nomad\"\n      address  = \"127.0.0.1\"`),
  ],
  [/^\/v1\/service\/orders-api/, (body) => body.replaceAll(/"Address":"[^"]*"/g, '"Address":"127.0.0.1"')],
]

test('an address that the service block says itself is taken out there', async () => {
  const { diagnosis, findings } = await reportOf('test/recordings/loopback-address-registered-repaired', saying)
  expect(diagnosis?.fault).toBe('loopback-address-registered')
  expect(diagnosis?.sentence).toContain('because its service block says address = "127.0.0.1"')
  const found = findings.find(({ id }) => id === diagnosis?.fault)
  expect(found?.evidence.some(({ excerpt }) => excerpt.includes('address = "127.0.0.1"'))).toBe(true)
  // Nothing about the client: no change there moves what the job says.
  expect(found?.fix).toHaveLength(1)
  expect(found?.fix[0]).toMatchObject({ on: 'job file', proven: true })
  expect(found?.fix[0]?.diff?.split('\n')).toContain('-      address  = "127.0.0.1"')
})
