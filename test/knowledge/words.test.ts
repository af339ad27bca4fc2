import { expect, test } from 'vitest'
import { facts, type FactKey } from '../../src/knowledge/facts.ts'
import { callerWords } from '../../src/knowledge/stranger.ts'
import { ended, factWords, reasonOf } from '../../src/knowledge/words.ts'

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

test('a sentence ends once, whatever it was made of', () => {
  expect(['not allowed', 'not allowed.', 'why?', 'these are:'].map(ended)).toEqual([
    'not allowed.',
    'not allowed.',
    'why?',
    'these are:',
  ])
})

test('an address that stands for strangers is said to', () => {
  expect(callerWords('203.0.113.77')).toBe('203.0.113.77 (anywhere outside)')
  expect(callerWords('10.0.0.12')).toBe('10.0.0.12')
})
