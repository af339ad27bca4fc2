import type { Captured } from '../../packet/tcpdump.ts'
import type { Attempt } from './runtime.ts'

/** What was seen in one network namespace; `packets` null: not watched, and why. */
export interface Watch {
  /** As the places of the walk name it. */
  readonly namespace: string
  readonly packets: readonly Captured[] | null
  readonly why?: string
}

/** A connection that was tried while packets were watched in every namespace of its walk. */
export interface Capture {
  readonly host: string
  readonly port: number
  /** null: it could not be tried. */
  readonly outcome: Attempt['outcome'] | null
  readonly watches: readonly Watch[]
}
