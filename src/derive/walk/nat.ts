import type { Translation } from '../../knowledge/shapes/crossing.ts'
import type { Crossing, Hop } from '../../knowledge/shapes/packet.ts'
import type { Unsure } from './agreed.ts'
import { because, leading, placeOf } from './stop.ts'

/** What became of the destination in the first hook: what was meant for it does not count. */
export function destinationIn({ hops, passed, end }: Crossing, start: 'prerouting' | 'output'): Translation | Unsure {
  const here = (hop: Hop | undefined): boolean => hop?.at === start && hop.does !== 'meant'
  const at = hops.findIndex((hop) => here(hop) && !sameDestination(hop))
  const exempt = hops.findIndex((hop) => here(hop) && hop.does === 'notrack')
  // What comes after either decides nothing any more.
  const decided = at === -1 ? exempt : at
  const unsure = passed.find(({ verdict, after }) => {
    const before = decided === -1 || after <= decided
    return before && verdict.kind === 'unknown' && placeOf(verdict)?.at === start
  })
  if (unsure?.verdict.kind === 'unknown') return { unknown: because(unsure.verdict) }
  if ('verdict' in end && end.verdict.kind === 'unknown' && hops.length === 0) return { unknown: because(end.verdict) }
  const made = hops[at]
  if (!made) return hops[exempt] ? { kind: 'untracked', rule: hops[exempt].text ?? '' } : { kind: 'none' }
  const { after, chain = '', text = '' } = made
  if (after.dport === undefined) return { unknown: `${text}: no single port` }
  const alloc =
    leading(hops.slice(0, at + 1))
      .map(allocIn)
      .findLast((id) => id !== null) ?? null
  return { kind: 'to', address: after.dst, port: after.dport, chain, rule: text, alloc }
}

const sameDestination = ({ before, after }: Hop): boolean => before.dst === after.dst && before.dport === after.dport

/** The portmap plug-in writes the container id, which is the allocation's, into the comment of its entry rule. */
const allocIn = ({ text = '' }: Hop): string | null => /\bid: \\?"([0-9a-f-]{36})/.exec(text)?.[1] ?? null

/** The rule by which the packet leaves with another source address; null: there is none. */
export function sourceIn({ hops, passed, end }: Crossing): { readonly rule: string | null } | Unsure {
  const made = hops.find(({ at, before, after }) => at === 'postrouting' && before.src !== after.src)
  if (made) return { rule: made.text ?? '' }
  for (const { verdict } of passed) {
    const place = placeOf(verdict)
    // No rule of table mangle changes an address.
    if (place?.at !== 'postrouting' || place.table === 'mangle') continue
    if (verdict.kind === 'unknown') return { unknown: because(verdict) }
    // A rule was there, and the kernel had no address for it.
    if (verdict.kind === 'dropped' && place.table === 'nat') return { unknown: verdict.why }
  }
  return 'out' in end ? { rule: null } : { unknown: 'whether the packet leaves is not known' }
}
