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
  const ofCaller = Map.groupBy(words, (_, i) => crossings[i]?.wanted.src)
  return [...ofCaller.values()].every((own) => new Set(own).size === 1)
    ? { unknown: "it depends on the caller's address", why: 'not-named' }
    : { unknown: 'rules decide by chance' }
}
