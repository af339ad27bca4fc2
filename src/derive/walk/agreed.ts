import type { Crossing } from '../../knowledge/shapes/packet.ts'
import { notKnown, type NotKnown } from '../derivation.ts'

export interface Unsure {
  readonly unknown: string
  /** It is the same for no two callers. */
  readonly why?: 'not-named'
}
export const isUnsure = (value: object): value is Unsure => 'unknown' in value
export const open = ({ unknown, why }: Unsure): NotKnown => notKnown(unknown, why)

/** What every way of the packet says alike; not known where callers or chances differ. */
export function agreed<T extends object | null>(
  crossings: readonly Crossing[],
  ask: (crossing: Crossing) => T | Unsure,
): T | Unsure {
  const answers = crossings.map(ask)
  const [first] = answers
  if (first === undefined) return { unknown: 'no source address is known' }
  const unsure = answers.find((one) => one !== null && isUnsure(one))
  if (unsure) return unsure
  const words = answers.map((one) => JSON.stringify(one))
  if (new Set(words).size === 1) return first
  const same = (by: (crossing: Crossing | undefined) => string): boolean =>
    [...Map.groupBy(words, (_, i) => by(crossings[i])).values()].every((own) => new Set(own).size === 1)
  if (same(caller)) return { unknown: "it depends on the caller's address", why: 'not-named' }
  return same((one) => `${caller(one)} by ${one?.arrives}`)
    ? { unknown: 'it depends on which of its interfaces answers for the address' }
    : { unknown: 'rules decide by chance' }
}

const caller = (one: Crossing | undefined): string => one?.wanted.src ?? ''
