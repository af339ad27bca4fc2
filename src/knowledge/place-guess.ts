/**
 * Where a sentence about a job points when its fault does not say: the block or attribute, among those the fault was
 * given, whose own words the sentence repeats.
 */
import { readable } from './hole.ts'
import { placeOf, type Location, type Place } from './place.ts'

interface Spot {
  readonly score: number
  readonly depth: number
  readonly location: Location
}

export function guessed(says: string, given: readonly unknown[]): Location | undefined {
  const words = new Set(wordsOf(says))
  const seen = new Set<object>()
  const spots: Spot[] = []
  const visit = (value: unknown, depth: number) => {
    if (typeof value !== 'object' || value === null || seen.has(value) || depth > 12) return
    seen.add(value)
    const place = placeOf(value)
    if (place) spots.push(...spotsOf(place, words, depth))
    for (const key of Object.keys(value))
      visit(
        readable(() => (value as Record<string, unknown>)[key], null),
        depth + 1,
      )
  }
  for (const value of given) visit(value, 0)
  const [best] = spots.toSorted((a, b) => b.score - a.score || b.depth - a.depth)
  return best?.location
}

function spotsOf({ block, attrs }: Place, words: ReadonlySet<string>, depth: number): readonly Spot[] {
  const all = Object.entries(attrs).map(([name, { text, ...location }]) => {
    const shared = wordsOf(text.slice(text.indexOf('=') + 1)).filter((word) => words.has(word))
    const called = words.has(name) || words.has(name.replaceAll('_', ' ')) ? 1 : 0
    const score = new Set(shared).size * 2 + called
    return { score: Math.min(score, 6), depth: depth + 1, location }
  })
  return [{ score: 0.5, depth, location: block }, ...all]
}

const wordsOf = (text: string): readonly string[] => text.match(/[\w.-]+(?<![.-])/g) ?? []
