import { describe, expect, test } from 'vitest'
import { judge } from '../src/engine/judge.ts'
import type { Fault } from '../src/knowledge/fault.ts'
import type { Member } from '../src/knowledge/facts.ts'
import { faultById } from '../src/knowledge/faults/index.ts'
import { lookAlikes } from './look-alikes.ts'
import { diagnosed, recordings, type Diagnosed } from './recordings.ts'
import { worldOf, type GivenValues } from './world.ts'

const named = (id: string): Fault => {
  const fault = faultById.get(id)
  if (!fault) throw new Error(`there is no fault ${id}`)
  return fault
}

/** Real clusters that have the fault, each looked at once. */
const looked = new Map<string, Promise<readonly Diagnosed[]>>()
const clustersWith = (id: string): Promise<readonly Diagnosed[]> => {
  const known = looked.get(id) ?? Promise.all(recorded(id).map((recording) => diagnosed(recording)))
  looked.set(id, known)
  return known
}
const recorded = (id: string) => recordings.filter(({ truth }) => truth.state === 'broken' && truth.faults[0] === id)

/** Members of all lists by one name: two examples speak of the same clients then. */
function aligned(given: GivenValues): GivenValues {
  const lists = Object.entries(given).filter(([need]) => need.startsWith('every.')) as [string, Member<unknown>[]][]
  const named = new Set(lists.map(([, members]) => members.map(({ id }) => id).join(' ')))
  if (named.size < 2) return given
  const most = Math.max(0, ...lists.map(([, members]) => members.length))
  const renamed = lists.map(([need, members]) => [
    need,
    Array.from({ length: members.length === 0 ? 0 : most }, (_, i) => {
      const id = `${need.split('.')[1] ?? ''}:m${i}`
      return { about: id, id, value: members[Math.min(i, members.length - 1)]?.value }
    }),
  ])
  return { ...given, ...(Object.fromEntries(renamed) as GivenValues) }
}

/** What the facts of the one's example say of both, beside facts that are those of the other's absent examples. */
function overExamples(one: Fault, other: Fault): readonly string[] {
  return one.examples
    .filter(({ then }) => then === 'present')
    .flatMap(({ given }) =>
      other.examples.filter(({ then }) => then === 'absent').map((beside) => aligned({ ...beside.given, ...given })),
    )
    .map((given) => {
      const { world, thing } = worldOf(one.about, given)
      return `${judge(one, thing, world).verdict}, ${judge(other, thing, world).verdict}`
    })
}

const worst = (seen: Diagnosed, id: string): string => {
  const found = new Set(seen.verdicts.filter(({ fault }) => fault === id).map(({ verdict }) => verdict))
  return found.has('present') ? 'present' : found.has('unknown') ? 'unknown' : 'absent'
}

describe.each(lookAlikes)('$seen: told apart by $by', ({ pairs }) => {
  const ways = pairs.flatMap(([one, other]) => [
    { one, other },
    { one: other, other: one },
  ])
  test.each(ways)('where $one is, $other is not', async ({ one, other }) => {
    const clusters = await clustersWith(one)
    for (const seen of clusters) {
      expect(worst(seen, one)).toBe('present')
      expect(worst(seen, other)).not.toBe('present')
    }
    const proven = clusters.some((seen) => worst(seen, other) === 'absent')
    if (proven) return
    expect(named(one).about, 'neither a recording nor examples about one kind of thing').toBe(named(other).about)
    expect(overExamples(named(one), named(other))).toContain('present, absent')
  })
})

test('every pair stands once', () => {
  const all = lookAlikes.flatMap(({ pairs }) => pairs.map((pair) => pair.toSorted().join(' ')))
  expect(all).toEqual([...new Set(all)])
})
