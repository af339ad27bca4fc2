import { expect, test } from 'vitest'
import { belongs } from '../../src/way/tried.ts'
import { twoClients } from './site.ts'
import { called } from './walks.ts'

const walk = { ...called(twoClients()), meant: ['api', 'web'] }
const tried = (namespace: string, host: string) =>
  ({ attempt: { host, port: 8080 }, namespace, simulated: 'unknown' }) as unknown as Parameters<typeof belongs>[0]

test.each([
  ['web', '10.0.0.2', true],
  ['c2', '172.26.64.9', true],
  ['api', '127.0.0.1', true],
  // The target's call of itself, and an address that another allocation may have on this client.
  ['api', '10.0.0.2', false],
  ['c1', '172.26.64.9', false],
])('what was tried at %s to %s belongs beside the walk: %s', (namespace, host, then) => {
  expect(belongs(tried(namespace, host), walk)).toBe(then)
})
