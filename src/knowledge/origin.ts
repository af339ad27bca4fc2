import type { Need } from './facts.ts'
import type { Kind } from './things.ts'

/** intrusive = runs something in the user's workload or sends packets; needs consent. */
export type Cost = 'free' | 'slow' | 'intrusive'

/** What planning knows of a probe. */
export interface Looker {
  readonly id: string
  readonly about: Kind
  readonly provides: readonly string[]
  readonly given: readonly Need[]
  readonly cost: Cost
}

/** What planning knows of a derivation. */
export interface Deriver {
  readonly provides: string
  readonly about: Kind
  readonly from: readonly Need[]
  readonly maybe?: readonly Need[]
  /** Of `maybe`: what must have been asked for. A deriver that waits asks for nothing else before `from` is known. */
  readonly waits?: readonly Need[]
}
