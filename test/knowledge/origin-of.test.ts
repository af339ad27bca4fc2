import { expect, test } from 'vitest'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { dialledBy } from '../../src/knowledge/origin-of.ts'

test('who dials an address: a place in the job, or the caller, as the person said', () => {
  expect(dialledBy({ from: 'env ORDERS of task loop' })).toBe('Env ORDERS of task loop says')
  expect(dialledBy({ from: 'case' })).toBe('The caller dials')
})

test('a call of localhost that the person told is nobody else’s', () => {
  const fault = faultById.get('cross-group-localhost')
  const [example] = fault?.examples ?? []
  const told = { ...example?.given, 'path.dials': [{ host: '127.0.0.1', port: 8080, from: 'case' }] }
  expect(fault?.holds(told)).toMatch(/^The caller dials 127\.0\.0\.1:8080, but nothing listens there/)
})
