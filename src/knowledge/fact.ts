import type { Thing } from './things.ts'

/** Why something is not known: the words of a refusal, and `not-named` where it depends on a caller whom nobody named. */
export type Why =
  | 'offline'
  | 'denied'
  | 'not-found'
  | 'unsupported'
  | 'timed-out'
  | 'failed'
  | 'not-recorded'
  | 'not-asked'
  | 'not-evaluable'
  | 'not-named'

/** Where a value was seen: `by` = probe or derivation, `ask` = canonical spelling of the request, `request` = the same for a reader. */
export interface Seen {
  readonly by: string
  readonly ask: string
  readonly request: string
  readonly excerpt: string
  readonly at: string
  /** What a derived value follows from besides `ask`: the raw evidence of its other inputs. */
  readonly inputs?: readonly Seen[]
  /** How many they are, where they are not here. */
  readonly others?: number
  readonly file?: { readonly name: string; readonly line: number; readonly column: number }
}

export interface Known<T> {
  readonly known: true
  readonly value: T
  readonly seen: Seen
}
export interface Unknown {
  readonly known: false
  readonly why: Why
  /** What was refused, in the words of the world: `HTTP 403: Permission denied`. */
  readonly detail?: string
  readonly request?: string
}
export type Held<T> = Known<T> | Unknown

/** A line of the vocabulary: the type of the value, one line of meaning. */
export interface FactLine<T> {
  readonly meaning: string
  readonly _type?: T
}
export const fact = <T>(meaning: string): FactLine<T> => ({ meaning })

/** All held facts: by thing id, then by fact key. */
export interface World {
  readonly things: ReadonlyMap<string, Thing>
  readonly facts: ReadonlyMap<string, ReadonlyMap<string, Held<unknown>>>
}
