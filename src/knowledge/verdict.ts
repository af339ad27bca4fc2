import type { Seen } from './fact.ts'
import type { FixStep, Severity } from './fault.ts'
import type { Location } from './place.ts'
import type { Because } from './report.ts'
import type { Spot } from './resolve.ts'

interface Judged {
  readonly fault: string
  readonly thing: string
  readonly about: string
  /** Settled by a check by hand; measured when left out. */
  readonly by?: 'told'
  /** By the fault's rule for things that are only files. */
  readonly foretold?: true
  /** It is a risk at most: not knowing it leaves nothing open. */
  readonly risk?: true
  /** Of a port nobody asked about, or where no packet of the callers comes: there or not known, it explains nothing. */
  readonly beside?: true
}
/** What a fault says, once or several times. */
export interface Part {
  readonly says: string
  /** Where in a file, when the fault points at a part of it. */
  readonly location?: Location
  readonly fix?: readonly FixStep[]
}
/** What is known of one fault for one thing. */
export type Verdict = Judged &
  (
    | (Part & {
        readonly verdict: 'present'
        readonly severity: Severity
        readonly also?: readonly Part[]
        /** The labels of the only ports it is about. */
        readonly ports?: readonly string[]
        readonly evidence: readonly Seen[]
        readonly given: Readonly<Record<string, unknown>>
      })
    | {
        readonly verdict: 'absent'
        readonly reason: string
        /** Only because nothing is there, or runs, that could show it. */
        readonly idle?: true
        readonly evidence: readonly Seen[]
      }
    | { readonly verdict: 'unknown'; readonly because: readonly Because[]; readonly at: readonly Spot[] }
  )
