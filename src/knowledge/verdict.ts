import type { Seen } from './fact.ts'
import type { FixStep, Severity } from './fault.ts'
import type { Location } from './place.ts'
import type { FactKey } from './facts.ts'
import type { Because, By } from './report.ts'
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

/** Facts that no reply shows: they follow from rules, routes and settings that were read, by the walk of a packet through them. */
export const simulatedFacts: ReadonlySet<string> = new Set<FactKey>([
  'path.blackhole',
  'path.diverted',
  'path.firewalld',
  'path.forward',
  'path.hushed',
  'path.inbound.crossings',
  'path.inbound.input',
  'path.inbound.translation',
  'path.let-through',
  'path.loopback-off',
  'path.narrow',
  'path.one-way',
  'path.outbound.crossings',
  'path.own-source',
  'path.past',
  'path.reverse-path',
  'path.route-stops',
  'path.rule-stops',
  'path.six-door',
  'path.turned-back',
  'path.untracked',
  'path.untranslated',
  'path.walks',
])

/** Who says a verdict; of what is not known nobody says anything. What a fact only rests on says nothing by itself. */
export function byOf(verdict: Verdict | undefined): By {
  if (!verdict) return 'measured'
  if (verdict.by) return verdict.by
  if (verdict.verdict === 'unknown') return 'assumed'
  return verdict.evidence.some(({ by, inputs }) => inputs && simulatedFacts.has(by)) ? 'simulated' : 'measured'
}
