import { expect, test } from 'vitest'
import { walkDerivations } from '../src/derive/walk/index.ts'
import { simulatedFacts } from '../src/knowledge/verdict.ts'

/** What the walk works on or compares, and settings that were read. */
const read = [
  'alloc.kernel',
  'node.kernel',
  'path.network',
  'path.followed',
  'path.disagreement',
  'path.dead-dial',
  'path.forwarding-off',
]

test('every fact that follows from the walk of a packet is said to be simulated', () => {
  const walked = new Set(walkDerivations.map(({ provides }) => provides as string))
  expect([...simulatedFacts].toSorted()).toEqual([...walked].filter((fact) => !read.includes(fact)).toSorted())
  expect(read.filter((fact) => !walked.has(fact))).toEqual([])
})
