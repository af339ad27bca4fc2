import { globSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { infraImageUnavailable } from '../../src/knowledge/faults/placement/infra-image-unavailable.ts'
import { quoted } from '../../src/knowledge/quoted.ts'

const pull =
  'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.77.57.1:53: read udp 10.77.57.11:60554->10.77.57.1:53: read: connection refused: Failed Restoring Task'

test('of a long error beginning and end are quoted, and addresses stay whole', () => {
  expect(quoted(pull, 140)).toBe(
    'Error response from daemon: Get … 10.77.57.1:53: read udp 10.77.57.11:60554->10.77.57.1:53: read: connection refused: Failed Restoring Task',
  )
  expect(quoted('a\n  b ', 9)).toBe('a b')
  expect(quoted('x'.repeat(20), 9)).toBe('xxxxxxxx…')
})

test('a fault that quotes an error keeps the words that decide', () => {
  const failed = `failed to setup alloc: pre-run hook "network" failed: failed to create network for alloc: Failed to pull \`lab/pause:1\`: ${pull}`
  const says = infraImageUnavailable.holds({ 'alloc.setup-failure': failed })
  expect(says).toContain(' … ')
  expect(says).toContain('10.77.57.11:60554->10.77.57.1:53: read: connection refused')
})

test('what is quoted fits, and no word of it is a piece of one', () => {
  const word = fc.string({ unit: fc.constantFrom('a', '1', '.', ':', 'é'), minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(fc.array(word), fc.integer({ min: 40, max: 200 }), (words, most) => {
      const said = quoted(words.join(' '), most)
      expect(said.length).toBeLessThanOrEqual(most)
      for (const one of said.split(' ')) expect(['…', '', ...words]).toContain(one)
      if (words.length > 0) expect(said.endsWith(words.at(-1) ?? '')).toBe(true)
    }),
  )
})

test('no fault cuts a text of others by itself', () => {
  const cuts = globSync('src/knowledge/**/*.ts').filter((file) =>
    /\.slice\(0, [4-9]\d\)|\.slice\(0, \d{3,}\)/.test(readFileSync(file, 'utf8')),
  )
  expect(cuts).toEqual([])
})
