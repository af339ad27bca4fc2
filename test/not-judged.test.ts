import { expect, test } from 'vitest'
import { faultList } from '../src/knowledge/faults/index.ts'
import { catalogue } from '../scripts/catalogue.ts'
import { notJudged } from '../scripts/docs/not-judged.ts'

const known = new Set(faultList.flatMap(({ id, aliases = [] }) => [id, ...aliases]))

test('what of the catalogue is not judged has a reason, and nothing else has', () => {
  expect(Object.keys(notJudged)).toEqual(catalogue.filter((id) => !known.has(id)))
})

test.each(Object.entries(notJudged))('the reason of %s names faults that exist', (_, reason) => {
  for (const [, id = ''] of reason.matchAll(/`([a-z0-9-]+)`/g))
    expect([...known, ...Object.keys(notJudged)]).toContain(id)
})
