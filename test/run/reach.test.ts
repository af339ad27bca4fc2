import { expect, test } from 'vitest'
import type { Unknown } from '../../src/knowledge/fact.ts'
import { clusterId } from '../../src/knowledge/things.ts'
import { reachOf } from '../../src/run/reach.ts'
import type { RawFacts } from '../../src/run/loop.ts'
import type { State } from '../../src/run/state.ts'

/** What is in reach follows from the facts alone. */
const stateOf = (facts: RawFacts) => ({ facts }) as unknown as State

const consulOf = (why: Unknown['why']) =>
  reachOf(stateOf(new Map([[clusterId, new Map([['cluster.consul.version', { known: false, why, detail: 'so' }]])]])))

test.each(['offline', 'not-asked', 'not-recorded'] as const)('a Consul that is %s is not there', (why) => {
  expect(consulOf(why)).toEqual({})
})
test.each(['denied', 'failed', 'timed-out'] as const)(
  'a Consul of which it is only known that it %s is there',
  (why) => {
    expect(consulOf(why).consulRefused).toMatchObject({ why })
  },
)
