import type { Request } from '../ask/request.ts'
import type { FixStep } from '../knowledge/fault.ts'
import type { Aim } from '../derive/things.ts'
import type { Need } from '../knowledge/facts.ts'
import type { Told } from '../knowledge/told.ts'
import { nothingTold } from '../knowledge/told.ts'
import type { Side, Symptom } from '../knowledge/subject.ts'
import type { RawFacts } from './look.ts'
import type { CaseCard, Place } from './place.ts'

export type { Aim } from '../derive/things.ts'

/** One screen on the stack, with its own cursor, so that going back finds it as it was left. */
export interface Frame {
  readonly screen: string
  /** What it shows: a step, a fault, a reply. */
  readonly arg: string
  /** The item the cursor stands on; null while nobody has moved it. */
  readonly on: string | null
  readonly scroll: number
  readonly query: string
  readonly typing: boolean
  readonly filter: string
  readonly unfolded: readonly string[]
}

export interface Running {
  readonly key: string
  readonly title: string
  readonly about: string
}

export type Field = 'to' | 'from' | 'port' | 'symptom'
/** A question being put together. */
export interface Draft {
  readonly from: Side | null
  readonly to: Side | null
  readonly port: string | number | null
  readonly symptom: Symptom
  readonly field: Field | null
}

/** An action that waits for a yes. `shown`: since when the person sees it, in milliseconds. */
export interface Asked {
  readonly key: string
  readonly request: Request
  readonly shown: number | null
}

/** What the program holds. Verdicts, steps and report are functions of it, never part of it. */
export interface State {
  readonly place: Place
  /** Where the program was started; a case leads back to it. */
  readonly start: Place
  readonly aim: Aim | null
  readonly facts: RawFacts
  /** What a second look has read so far; the screens show what was before until it ends. */
  readonly arriving: RawFacts | null
  /** Facts of paths that are wanted for themselves. */
  readonly wants: readonly Need[]
  readonly told: Told
  /** Edits that were tried over just these facts: the steps of each finding, by `keyOf`. */
  readonly mended: { readonly of: RawFacts; readonly steps: ReadonlyMap<string, readonly FixStep[]> } | null
  /** What had been told before each answer: `u` goes back one. */
  readonly before: readonly Told[]
  /** The fault that was looked for once more; null before a second look. */
  readonly again: string | null
  /** What had it then, by `kinOf`. */
  readonly kin: readonly string[]
  readonly phase: 'idle' | 'glancing' | 'looking' | 'verifying'
  readonly running: readonly Running[]
  readonly draft: Draft
  readonly stack: readonly [Frame, ...Frame[]]
  readonly asked: readonly Asked[]
  /** Somebody said never to ask: all that needs a yes is refused. */
  readonly silent: boolean
  readonly cases: readonly CaseCard[] | null
  readonly notice: string
  readonly exit: number | null
}

/** The way of the packet is followed without being asked for. */
export const always: readonly Need[] = ['path.walks']

export const emptyDraft: Draft = { from: null, to: null, port: null, symptom: 'cannot-connect', field: null }

export const frame = (screen: string, arg = '', patch: Partial<Frame> = {}): Frame => ({
  screen,
  arg,
  on: null,
  scroll: 0,
  query: '',
  typing: false,
  filter: '',
  unfolded: [],
  ...patch,
})

export const initial = (place: Place, screen = 'home'): State => ({
  place,
  start: place,
  aim: null,
  facts: new Map(),
  arriving: null,
  wants: always,
  told: nothingTold,
  mended: null,
  before: [],
  again: null,
  kin: [],
  phase: 'idle',
  running: [],
  draft: emptyDraft,
  stack: [frame(screen)],
  asked: [],
  silent: false,
  cases: null,
  notice: '',
  exit: null,
})

export const top = (state: State): Frame => state.stack.at(-1) ?? state.stack[0]
