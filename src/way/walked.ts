import type { Hop, Outcome, Start, Trace, Tuple, Verdict, Wanted, Where } from '../packet/walk/types.ts'

export type { Hop, Outcome, Trace, Tuple, Verdict, Where }

/** Whom a network namespace belongs to. */
export interface WayPlace {
  readonly kind: 'alloc' | 'task' | 'client' | 'outside'
  /** `allocation 5f3a91c2 (web) on c1`, `client c1`. */
  readonly label: string
  readonly node?: string
  readonly alloc?: string
}

/** One packet of the caller, followed through the namespaces that were read, and its answer back. */
export interface PathWalk {
  readonly dial: { readonly host: string; readonly port: number; readonly from: string }
  readonly start: Start
  readonly wanted: Wanted
  readonly places: Readonly<Record<string, WayPlace>>
  /** The ways it may take: several where a rule matches by chance. */
  readonly traces: readonly Trace[]
  readonly outcome: Outcome
  /** What could not be read, and where. */
  readonly unread: readonly { readonly namespace: string; readonly argv: string; readonly why: string }[]
}
