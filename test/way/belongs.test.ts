import { expect, test } from 'vitest'
import { belongs } from '../../src/way/tried.ts'
import { twoClients } from './site.ts'
import { called } from './walks.ts'

const walk = { ...called(twoClients()), meant: ['api', 'web'] }
const tried = (namespace: string, host: string, port: number) =>
  ({ attempt: { host, port }, namespace, simulated: 'unknown' }) as unknown as Parameters<typeof belongs>[0]

test.each([
  ['web', '10.0.0.2', 25000, true],
  ['c2', '172.26.64.9', 8080, true],
  ['api', '127.0.0.1', 8080, true],
  // The target's call of itself, and an address that another allocation may have on this client.
  ['api', '10.0.0.2', 25000, false],
  ['c1', '172.26.64.9', 8080, false],
  // Other ports of the target.
  ['web', '10.0.0.2', 25001, false],
  ['c2', '172.26.64.9', 5353, false],
  ['api', '127.0.0.1', 5353, false],
])('what was tried at %s to %s:%i belongs beside the walk: %s', (namespace, host, port, then) => {
  expect(belongs(tried(namespace, host, port), walk)).toBe(then)
})
