import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expressionText } from '../../src/packet/nft-text.ts'

/** What nft 1.0.6 printed of the same rules with and without -j; counters without their numbers. */
const printed = JSON.parse(readFileSync(join(import.meta.dirname, 'nft-printed.json'), 'utf8')) as readonly [
  text: string,
  expressions: readonly unknown[],
][]

describe('the text of a rule', () => {
  it.each(printed)('%s', (text, expressions) => {
    expect(expressions.map((one) => expressionText(one)).join(' ')).toBe(text)
  })
})
