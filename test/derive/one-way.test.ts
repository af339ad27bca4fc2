import { expect, test } from 'vitest'
import { oneWayDerivation } from '../../src/derive/walk/one-way.ts'
import { cniNetwork, outbound, untranslated } from '../../src/knowledge/crossing-samples.ts'
import type { OneWay } from '../../src/knowledge/shapes/one-way.ts'
import type { Attempt } from '../../src/knowledge/shapes/runtime.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const path: Thing = { id: 'p', kind: 'path', about: 'path', names: {}, links: {}, many: {} }
const network = cniNetwork({ masquerade: false })
const way = outbound({ mode: 'cni', address: '10.0.0.11', port: 25001 })
const tried = (from: Attempt['from'], outcome: Attempt['outcome'], port = 25001): Attempt => ({
  from,
  place: from,
  host: '10.0.0.11',
  port,
  outcome,
  ms: 3000,
})

/** `silent`, or null where nothing is one way. */
const found = (
  attempts: readonly Attempt[] | undefined,
  walked = 'unknown',
  lost = untranslated({ what: 'source', way }),
) => {
  const walks = [{ begins: 'source', dial: { host: '10.0.0.11', port: 25001 }, outcome: walked }]
  const known = { 'path.untranslated': lost, 'source.alloc.cni.network': network }
  const maybe = { 'path.walks': walks, ...(attempts ? { 'path.attempts': attempts } : {}) }
  const { value } = oneWayDerivation.make(known, maybe, path, {}) as { value: OneWay | null }
  return value && { silent: value.silent }
}

test('what answers the client and not its allocation has no way back to it', () => {
  expect(found([tried('source', 'timed-out'), tried('source-node', 'answered')])).toEqual({ silent: '10.0.0.11:25001' })
  expect(found([tried('source', 'timed-out'), tried('source-node', 'refused')])).toEqual({ silent: '10.0.0.11:25001' })
})

test.each([
  ['nothing was tried', undefined],
  ['the client does not get through either', [tried('source', 'timed-out'), tried('source-node', 'timed-out')]],
  ['another port answers the client', [tried('source', 'timed-out'), tried('source-node', 'answered', 80)]],
  ['an error came back', [tried('source', 'unreachable'), tried('source-node', 'answered')]],
])('it may be so: %s', (_, attempts) => expect(found(attempts)).toEqual({ silent: null }))

test('a call that ends by the rules of the client itself tells nothing of others', () => {
  expect(found([tried('source', 'timed-out'), tried('source-node', 'answered')], 'silent')).toEqual({ silent: null })
})

test.each([['answered'], ['refused']] as const)('others have a way back: %s', (outcome) =>
  expect(found([tried('source', outcome)])).toBeNull(),
)

test.each([
  ["Nomad's own bridge", untranslated({ what: 'source', way: outbound() })],
  ['the destination', untranslated()],
])('it is not of a network of the operator: %s', (_, lost) => expect(found(undefined, 'unknown', lost)).toBeNull())
