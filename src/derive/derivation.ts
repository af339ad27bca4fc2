import type { Held, Seen, Unknown, Why } from '../knowledge/fact.ts'
import type { FactKey, Facts, Given, Need, NeedValue } from '../knowledge/facts.ts'
import { notNamed as nobodyNamed } from '../knowledge/resolve.ts'
import type { Kind, Thing } from '../knowledge/things.ts'

/** Optional inputs: what is not known is left out, and the derivation must give the same answer once it is. */
export type Maybe<N extends Need> = { readonly [K in N]?: NeedValue<K> }

/** Why inputs that may be missing are missing. */
export type Missed<N extends Need = Need> = { readonly [K in N]?: { readonly why: Why; readonly detail?: string } }

/** One fact that follows from others. Pure. */
export interface Derivation<K extends FactKey = FactKey, N extends Need = Need, M extends Need = Need> {
  readonly provides: K
  readonly about: Kind
  readonly from: readonly N[]
  /**
   * Inputs that may be missing: `make` may settle without them only when no value of theirs could change its answer
   * (a failed check is a failed check, whatever the second list says); otherwise it returns `notKnown`.
   */
  readonly maybe?: readonly M[]
  /** Nothing is made, and none of `maybe` is asked for before `from` is known, until each of these was at least asked for. */
  readonly waits?: readonly M[]
  /** The input whose evidence the fact shows (of several, the first that is known); the first one when left out. */
  readonly shows?: N | M | readonly (N | M)[]
  readonly make: (
    known: Given<N>,
    maybe: Maybe<M>,
    thing: Thing,
    missed: Missed<M>,
  ) => Facts[K] | NotKnown | Made<Facts[K]>
}
export interface AnyDerivation {
  readonly provides: FactKey
  readonly about: Kind
  readonly from: readonly Need[]
  readonly maybe?: readonly Need[]
  readonly waits?: readonly Need[]
  readonly shows?: Need | readonly Need[]
  readonly make: (
    known: Readonly<Record<string, unknown>>,
    maybe: Readonly<Record<string, unknown>>,
    thing: Thing,
    missed: Missed,
  ) => unknown
}

const mark = Symbol('derivation')
export interface NotKnown {
  readonly [mark]: 'not-known'
  readonly unknown: Unknown
}
/** A value with its own excerpt, where the input's excerpt does not show it. */
export interface Made<T> {
  readonly [mark]: 'made'
  readonly value: T
  readonly excerpt: string
  /** The input it came from, where only the values tell which. */
  readonly from?: Need
  /** The inputs it rests on, where others were there and had no part in it; all of them when left out. */
  readonly rests?: readonly Need[]
  /** Of all the replies behind it those that show it, each with its own excerpt, where no one input tells which. */
  readonly shown?: Shown
}
export type Shown = (seen: readonly Seen[]) => readonly Seen[]

export const notKnown = (detail: string, why: Unknown['why'] = 'not-evaluable'): NotKnown => ({
  [mark]: 'not-known',
  unknown: { known: false, why, detail },
})
/** Not known because it depends on who calls, and a survey names nobody. */
export const notNamed: NotKnown = notKnown(nobodyNamed.detail, nobodyNamed.why)

export const made = <T>(value: T, excerpt: string, from?: Need, rests?: readonly Need[]): Made<T> => ({
  [mark]: 'made',
  value,
  excerpt,
  ...(from === undefined ? {} : { from }),
  ...(rests === undefined ? {} : { rests }),
})

/** The same value, shown by replies of its own; by its input as ever, where none of them is there. */
export const showing = <T>(value: Made<T>, shown: Shown): Made<T> => ({ ...value, shown })

/** The input a returned value says it came from, and those it rests on. */
export const originOf = (returned: unknown): Pick<Made<unknown>, 'from' | 'rests'> =>
  typeof returned === 'object' && returned !== null && mark in returned ? (returned as Made<unknown>) : {}

export const derivation = <const K extends FactKey, const N extends Need = never, const M extends Need = never>(
  spec: Derivation<K, N, M>,
): AnyDerivation => spec as unknown as AnyDerivation

/**
 * Turns what `make` returned into a held fact. Its evidence is that of the input it shows; the raw evidence of the other
 * inputs goes with it, so that every sentence built on it can show all the replies it came from.
 */
export function asHeld(by: string, returned: unknown, shown: Seen | undefined, all: readonly Seen[]): Held<unknown> {
  const tagged =
    typeof returned === 'object' && returned !== null && mark in returned
      ? (returned as NotKnown | Made<unknown>)
      : undefined
  if (tagged && tagged[mark] === 'not-known') return tagged.unknown
  const [first, ...more] = tagged?.shown?.(all.flatMap(({ inputs = [], ...one }) => [one, ...inputs])) ?? []
  const { inputs: _, ...own } = first ?? shown ?? { ask: '', request: 'given by the person', excerpt: '', at: '' }
  const inputs: Seen[] = []
  const asks = new Set([own.ask])
  const add = (input: Seen) => {
    if (asks.has(input.ask)) return
    asks.add(input.ask)
    inputs.push(input)
  }
  more.forEach(add)
  for (const input of all) {
    // Most inputs rest on the same few replies: what is there already is not copied.
    if (!asks.has(input.ask)) {
      const { inputs: behind, ...one } = input
      add(behind?.length ? { ...one, others: behind.length } : one)
    }
    input.inputs?.forEach(add)
  }
  const seen: Seen = { ...own, by, ...(inputs.length === 0 ? {} : { inputs }) }
  if (tagged) return { known: true, value: tagged.value, seen: first ? seen : { ...seen, excerpt: tagged.excerpt } }
  return { known: true, value: returned, seen }
}
