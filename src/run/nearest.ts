import { distance } from '../knowledge/distance.ts'

/** A name that would do; `spelled` is what has to be typed for it, `here` whether it is where the name was looked for. */
export interface Offer {
  readonly name: string
  readonly spelled: string
  readonly here?: boolean
}

/** The names nearest to a mistyped one: at most five, by edit distance; all of a short list, as far as they are here. */
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
  const few = ranked.filter(({ here = true }) => here).length <= most
  return ranked
    .filter(({ name: other, far, here = true }) => {
      // Names of three letters are all near each other: elsewhere nearness has to mean something.
      const enough = here ? Math.max(3, name.length / 2) : Math.max(1, name.length / 3)
      return (here && few) || far <= enough || (other.includes(name) && (here || name.length > 2))
    })
    .toSorted(
      (a, b) => a.far - b.far || Number(b.here ?? true) - Number(a.here ?? true) || a.spelled.localeCompare(b.spelled),
    )
    .slice(0, most)
    .map((one) => one.spelled)
}
