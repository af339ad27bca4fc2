import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { asWritten, standardised, usual, type Delimiters } from '../../src/knowledge/delimiters.ts'

const square = ['[%', '%]'] as const

test('actions get the usual delimiters, and what stood in these does nothing', () => {
  expect(standardised('A=[% env "X" %] {{ b }}', square)).toBe('A={{ env "X" }} { { b } }')
  expect(standardised('[% if true', square)).toBe('{{ if true')
  expect(standardised('', square)).toBe('')
})

test('a piece of the text is found in the file under the delimiters it has there', () => {
  expect(asWritten({ delimiters: square }, '{{ env "X" }}')).toBe('[% env "X" %]')
  expect(asWritten({}, '{{ env "X" }}')).toBe('{{ env "X" }}')
  expect(asWritten({ delimiters: square }, undefined)).toBeUndefined()
})

test('with the usual ones nothing changes, and others give what these would', () => {
  const parts = fc.array(
    fc.record({ text: fc.stringMatching(/^[a-zA-Z= \n]*$/), action: fc.stringMatching(/^[a-z ".]*$/) }),
  )
  const written = (all: readonly { text: string; action: string }[], [left, right]: Delimiters) =>
    all.map(({ text, action }) => `${text}${left}${action}${right}`).join('')
  fc.assert(
    fc.property(parts, (all) => {
      expect(standardised(written(all, usual), usual)).toBe(written(all, usual))
      expect(standardised(written(all, square), square)).toBe(written(all, usual))
    }),
  )
})
