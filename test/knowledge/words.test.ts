import { expect, test } from 'vitest'
import { facts, type FactKey } from '../../src/knowledge/facts.ts'
import { factWords, reasonOf } from '../../src/knowledge/words.ts'

test.each(Object.keys(facts) as FactKey[])('%s has words of its own, and they fit in a line or two', (fact) => {
  const words = factWords(fact)
  expect(words).toMatch(/^\S.*[^.;:,\s]$/)
  expect(words).not.toContain(fact)
  expect(words.length).toBeLessThan(140)
})

test('a reason is told in words: what a source said, else the fact that is missing', () => {
  expect(reasonOf({ fact: 'path.place', why: 'not-evaluable' })).toBe(
    'Where the source is, seen from the target: cannot be told',
  )
  expect(reasonOf({ fact: 'node.routes', why: 'denied', detail: 'HTTP 403: Permission denied' })).toBe(
    'not allowed: HTTP 403: Permission denied',
  )
  expect(factWords('target.node.version')).toBe('Nomad version of the client (target)')
})
