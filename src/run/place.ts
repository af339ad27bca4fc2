import type { Ask, Reply, Request } from '../ask/request.ts'
import type { Aim } from '../derive/things.ts'
import type { FileReader } from './mend.ts'
import type { Told } from '../knowledge/told.ts'

/** Asked before anything runs inside a workload or sends packets; true is a yes for exactly this request. */
export type Consent = (request: Request) => boolean | Promise<boolean>

/** One asked request with its raw reply: what the evidence screen shows. */
export interface Exchange {
  /** Canonical spelling: what evidence points to. */
  readonly ask: string
  readonly request: string
  readonly reply: Reply
}

/** Where we look. The screens know the world through this alone. */
export interface Place {
  readonly kind: 'live' | 'case' | 'none'
  /** What the status line says of it. */
  readonly where: string
  /** The namespace of names without one; where it is left out, the default one. */
  readonly namespace?: string
  /** A recorded case: who complains of what. */
  readonly story?: { readonly title: string; readonly what: string; readonly aim: Aim; readonly told: Told }
  readonly connect: (consent: Consent) => Ask
  /** Replies so far are not given again: the next question goes out. */
  readonly forget: () => void
  readonly exchanges: () => readonly Exchange[]
}

export interface CaseCard {
  readonly dir: string
  readonly id: string
  readonly title: string
  readonly what: string
}

/** Everything of the outside that the screens can reach. */
export interface Desk {
  readonly place: Place
  readonly cases: () => Promise<readonly CaseCard[]>
  /** A text says why it cannot be opened. */
  readonly openCase: (dir: string) => Promise<Place | string>
  readonly copy: (text: string) => void
  /** Reads and edits job files; loaded when there is an edit to try. */
  readonly reader?: () => Promise<FileReader>
}
