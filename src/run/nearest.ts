import { distance } from '../knowledge/distance.ts'

/** A name that would do; `spelled` is what has to be typed for it, `here` whether it is where the name was looked for. */
export interface Offer {
  readonly name: string
  readonly spelled: string
  readonly here?: boolean
}

/** The names nearest to a mistyped one: at most five, by edit distance; all of a short list. */
export const nearest = (name: string, names: readonly string[]): readonly string[] =>
  nearestOf(
    name,
    names.map((one) => ({ name: one, spelled: one })),
  )

const most = 5

export function nearestOf(name: string, offers: readonly Offer[]): readonly string[] {
  const ranked = [...new Map(offers.map((offer) => [offer.spelled, offer])).values()].map((offer) => ({
    ...offer,
    far: distance(name.toLowerCase(), offer.name.toLowerCase()),
  }))
  return ranked
    .filter((one) => ranked.length <= most || one.far <= Math.max(3, name.length / 2) || one.name.includes(name))
    .toSorted(
      (a, b) => a.far - b.far || Number(b.here ?? true) - Number(a.here ?? true) || a.spelled.localeCompare(b.spelled),
    )
    .slice(0, most)
    .map((one) => one.spelled)
}
