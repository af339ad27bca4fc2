import type { Fault } from './fault.ts'
import type { Need } from './facts.ts'
import { applies } from './version.ts'

/** A fact that rules a fault out by its value alone. `fits`: undefined when the value does not tell. */
export interface Condition {
  readonly need: Need
  readonly fits: (value: unknown) => boolean | undefined
}

/** What must be so before a fault is looked at: the closed words of `onlyWhen`, and the versions it exists in. */
export function conditionsOf({ onlyWhen = {}, versions }: Pick<Fault, 'onlyWhen' | 'versions'>): readonly Condition[] {
  const words = Object.entries(onlyWhen).map(([need, allowed]) => ({
    need: need as Need,
    fits: (value: unknown) => allowed.includes(value),
  }))
  const { nomad, of } = versions ?? {}
  return nomad === undefined || of === undefined
    ? words
    : [...words, { need: of, fits: (value) => applies(value as string | readonly string[], nomad) }]
}
