import type { FixStep, Severity } from './fault.ts'
import type { Why } from './fact.ts'
import type { Location } from './place.ts'
import type { Outcome } from './shapes/packet.ts'

/** The report: what every screen and renderer shows. JSON contract version 1; additions only. */

/** A fact that is missing, and why. */
export interface Because {
  readonly fact: string
  readonly why: Why
  readonly detail?: string
}

/** What the packet walk says of a step's command, tried on a copy of what was read. Nothing was run. */
export type Trial =
  | { readonly tried: false; readonly because: string }
  | {
      readonly tried: true
      /** Numbers, from 1, of the other steps of the cure that were tried with it: only all of them mend it. */
      readonly together?: readonly number[]
      /** How many of the steps before it were tried with it, because it goes on from them: `And …`. */
      readonly upon?: number
      /** Ids of the other faults whose commands were tried with it: each of them stops the packet as well. */
      readonly besides?: readonly string[]
      /** The address the caller was followed to, and where it stands. */
      readonly address: string
      /** What the caller sees there now, and with the step. */
      readonly before: Outcome
      readonly after: Outcome
      /** Who takes it now in place of the target; missing: nobody does. */
      readonly strayed?: string
      /** Whether every address of the path is answered with the step. */
      readonly arrives: 'yes' | 'no' | 'unknown'
      /** How many other connections of these clients were compared. */
      readonly others: number
      /** How many more there are than are compared; missing: none. */
      readonly left?: number
      /** Connections that fare worse with it. */
      readonly worse: readonly { readonly what: string; readonly before: Outcome; readonly after: Outcome }[]
    }

/** Who says so. */
export type By = 'measured' | 'simulated' | 'told' | 'assumed'

export interface Evidence {
  readonly request: string
  readonly excerpt: string
  readonly at: string
  /** Canonical spelling of the request: opens the raw reply. Not printed. */
  readonly ask: string
  /** It follows from this reply and so many others; absent where the reply shows it alone. */
  readonly others?: number
}
export interface Finding {
  readonly id: string
  readonly about: string
  /** More things that have it, from the same place of a file. */
  readonly also?: readonly string[]
  readonly verdict: 'present'
  readonly severity: Severity
  readonly sentence: string
  readonly evidence: readonly Evidence[]
  readonly location?: Location
  readonly explainedBy?: string
  readonly explainedByAbout?: string
  readonly fix: readonly (FixStep & { readonly trial?: Trial })[]
  readonly doc: string
}
export interface UnknownFinding {
  readonly id: string
  readonly about: string
  readonly because: readonly Because[]
  readonly settle: string
  /** The fault is a risk at most: not knowing it leaves nothing open. */
  readonly risk?: true
  /** It explains nothing here: no packet comes there, or the pair meets all the same. */
  readonly aside?: true
}
/** What the job file, or a client's configuration, says will break, where nothing measured whether it does. */
export interface Foretold extends Pick<Finding, 'id' | 'about' | 'severity' | 'sentence' | 'evidence' | 'fix' | 'doc'> {
  /** Why it is not measured. */
  readonly because: readonly Because[]
}
/** What a sign met: it points to where the cause is looked for first. */
export type Meets = 'refused' | 'silence' | 'no-name' | 'not-placed' | 'not-up' | 'other'
/** Measured to be wrong, without saying why: a check that fails, a connection that is refused. */
export interface Sign {
  readonly about: string
  readonly sentence: string
  readonly meets: Meets
  readonly evidence: readonly Evidence[]
}
/** Where a packet ends, or its answer, when it is followed through the rules and routes that were read. */
export interface PacketEnd {
  readonly about: string
  /** `10.0.0.2:25000`. */
  readonly address: string
  /** `client c1`, `allocation 0f499648 of checkout/web`. */
  readonly place: string
  readonly of: 'packet' | 'answer'
  /** `no way, nobody answers for the next address: eth1 asks for no link addresses`. */
  readonly why: string
}
export interface ReportStep {
  readonly question?: string
  readonly fault?: string
  readonly answer?: string
  readonly verdict?: string
  readonly by: By
  /** What the person answered, where what was measured says otherwise and wins. */
  readonly told?: string
  readonly evidence?: readonly Evidence[]
  /** Of an assumed answer: the facts that are missing. */
  readonly because?: readonly Because[]
  /** Not settled: assumed, not known, or an answer that leaves the trouble unexplained. */
  readonly open?: true
}
export interface Report {
  readonly diagnosis: {
    readonly fault: string
    readonly about: string
    readonly sentence: string
    readonly instances: { readonly affected: number; readonly total: number }
  } | null
  readonly findings: readonly Finding[]
  /** Only without a diagnosis: the strongest first. */
  readonly signs?: readonly Sign[]
  /** Neither present nor absent, and never part of the walk. */
  readonly foretold?: readonly Foretold[]
  /** Only in a survey: groups that lack allocations, where no finding says why. */
  readonly unplaced?: readonly Sign[]
  /** Only without a diagnosis, and where no address of the path answers. */
  readonly ends?: PacketEnd
  readonly unknown: readonly UnknownFinding[]
  readonly steps: readonly ReportStep[]
  readonly counts: {
    readonly judged: number
    readonly present: number
    readonly absent: number
    readonly unknown: number
  }
}
