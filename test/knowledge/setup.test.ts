import { expect, test } from 'vitest'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { isKnownSetup, setupTexts, type SetupFault } from '../../src/knowledge/setup.ts'

const ids = Object.keys(setupTexts) as readonly SetupFault[]

test.each(ids)('%s: what it says fits no other cause', (id) => {
  const texts = (faultById.get(id)?.examples ?? [])
    .filter(({ then }) => then === 'present')
    .flatMap(({ given }) => [given['alloc.setup-failure'], given['alloc.driver-failure']])
    .filter((text) => typeof text === 'string')
  expect(texts.length).toBeGreaterThan(0)
  for (const text of texts) {
    expect(ids.filter((other) => setupTexts[other].test(text))).toEqual([id])
    expect(isKnownSetup(text)).toBe(true)
  }
})
