import { expect, test } from 'vitest'
import { inbound } from '../../src/knowledge/crossing-samples.ts'
import type { Attempt } from '../../src/knowledge/shapes/runtime.ts'
import { derived } from './client.ts'

const attempt = (from: Attempt['from'], outcome: Attempt['outcome']) => ({
  from,
  place: from,
  host: '10.0.0.11',
  port: 25_001,
  outcome,
})
const ends = (...attempts: readonly object[]) =>
  derived('path.ends', { 'path.inbound.way': inbound(), 'path.attempts': attempts })

test('the ends of the way are compared', () => {
  expect(ends(attempt('source', 'timed-out'), attempt('target-node', 'connected'))).toMatchObject({
    value: { remote: { outcome: 'timed-out' }, local: { outcome: 'connected' }, others: false },
  })
})

test.each<[tried: readonly object[], why: string]>([
  [[], "no connection was tried from the source's client"],
  [[attempt('source', 'timed-out')], "no connection was tried from the target's client"],
  // It was tried, and what it met tells nothing.
  [
    [attempt('source', 'timed-out'), attempt('target-node', 'sometimes')],
    "what was tried from the target's client met now this, now that",
  ],
  [
    [attempt('source', 'unclear'), attempt('target-node', 'connected')],
    "what was tried from the source's client met now this, now that",
  ],
])('what was not tried is told from what is not clear: %j', (tried, why) => {
  expect(ends(...tried)).toMatchObject({ known: false, detail: why })
})
