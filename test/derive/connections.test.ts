import { expect, test } from 'vitest'
import { apply } from '../../src/derive/derive.ts'
import { connectionsDerivation } from '../../src/derive/rules/connections.ts'
import { judge } from '../../src/engine/judge.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { worldOf } from '../world.ts'

const table = (count: number) => ({
  'net.netfilter.nf_conntrack_count': String(count),
  'net.netfilter.nf_conntrack_max': '262144',
})

/** What is held of the connections, and the verdict; `counters`: undefined when nobody asked yet, null when refused. */
function seen(count: number, counters?: { readonly dropped: number; readonly gaveWay: number } | null) {
  const asked = counters ? { 'node.conntrack.counters': counters } : {}
  const { world, thing } = worldOf('node', { 'node.sysctls': table(count), ...asked })
  const facts = new Map(world.facts.get(thing.id))
  if (counters === null) facts.set('node.conntrack.counters', { known: false, why: 'denied', detail: 'not root' })
  const at = { things: world.things, facts: new Map([[thing.id, facts]]) }
  const held: Held<unknown> | undefined = apply(connectionsDerivation, thing, at)
  if (held) facts.set('node.connections', held)
  const verdict = judge(faultById.get('conntrack-full')!, thing, at)
  return verdict.verdict === 'present' ? verdict.severity : verdict.verdict
}

test.each([
  ['drops new connections', 262_144, { dropped: 812, gaveWay: 5 }, 'degrades'],
  ['has dropped none, as unanswered ones gave way', 262_142, { dropped: 0, gaveWay: 196_612 }, 'risks'],
  ['does not say what becomes of new ones', 262_144, null, 'degrades'],
  ['was not asked yet what becomes of new ones', 262_144, undefined, 'unknown'],
  ['has room, whatever it dropped before', 1000, { dropped: 812, gaveWay: 5 }, 'absent'],
  ['has room, and nobody asks further', 1000, undefined, 'absent'],
] as const)('a full table that %s', (_, count, counters, expected) => {
  expect(seen(count, counters)).toBe(expected)
})
