import type { Edit } from './edit.ts'
import type { Given, Need, NeedValue } from './facts.ts'
import type { At } from './place.ts'
import type { Kind } from './things.ts'

export type Severity = 'breaks' | 'degrades' | 'risks'

/** Where on the packet's way the fault sits. */
export type Layer = 'job' | 'scheduler' | 'node' | 'bridge' | 'port' | 'name' | 'mesh'

/** One step of a cure. `run` is an argument list, never a shell string. */
export interface FixStep {
  readonly do: string
  /** Where: `job file`, `client c1`, `client configuration`, `Consul`, ... */
  readonly on: string
  readonly run?: readonly string[]
  /** The same as edits of the job file, where everything they need follows from the job itself. */
  readonly edit?: readonly Edit[]
  /** The edit can only be what the job means: nothing else is reached, opened or moved by it. */
  readonly safe?: true
  /** Why a person has to make the step, or to look at it. */
  readonly note?: string
  /** A unified diff of the file: what the edits make of it. */
  readonly diff?: string
  /** The file of the diff, where it is not the one of the finding. */
  readonly file?: string
  /** The same by lines, for programs that apply it. */
  readonly changes?: readonly LineChange[]
  /** What the servers say they would do with the edited file. */
  readonly plan?: string
  /** Why that is not known. */
  readonly unplanned?: string
  /** What is wrong with the edited file that was not before: brought by the edit, or hidden until then. */
  readonly uncovers?: readonly { readonly id: string; readonly about: string }[]
  /** Tried on the same facts, and nothing else breaks: the edited file has no longer this fault, or the packet arrives with the command. */
  readonly proven?: true
  /** What the step may disturb, in one short sentence; `none` when nothing. */
  readonly risk: string
}

/** What the servers would do with an edited file, or why that is not known. */
export type Planned = Pick<FixStep, 'plan' | 'unplanned'>

/** Lines of a file, the first and the one behind the last, counted from 1; and the text that takes their place. */
export interface LineChange {
  readonly line: number
  readonly endLine: number
  readonly text: string
}

/** A fault that holds: one sentence about this case. `severity` may lower the fault's own; `at`: what of the job is wrong. */
export interface Holds extends Wrong {
  readonly severity?: Severity
  /** The labels of the only ports it is about. */
  readonly ports?: readonly string[]
  /** What else of the same thing is wrong, each a finding of its own. */
  readonly also?: readonly Wrong[]
}
export interface Wrong {
  readonly says: string
  readonly at?: At
  /** Steps for this place alone; those of the fault when left out. */
  readonly fix?: readonly FixStep[]
}

/**
 * Nomad versions in which the fault exists: `>= 1.8.0 < 1.9.0 || 1.10.2`. `of`: the fact with the version that matters,
 * of a client or of the servers. Without it the range is told and not judged: its other facts exist nowhere else.
 */
export interface Versions {
  readonly nomad: string
  readonly of?: VersionNeed
}
export type VersionNeed = 'cluster.version' | 'node.version' | 'group.client-versions'

export interface Example<N extends Need> {
  readonly name: string
  readonly given: { readonly [K in N | VersionNeed]?: NeedValue<K> }
  readonly then: 'present' | 'absent'
}

/**
 * How the same fault shows in files alone, before anything runs: judged only for things that exist as files. It says
 * nothing where the files leave room for doubt.
 */
export interface Foretold<N extends Need = never, W extends Need = never, M extends Need = never> {
  readonly about: Kind
  readonly onlyWhen?: { readonly [K in W]: readonly NeedValue<K>[] }
  readonly needs: readonly N[]
  readonly shows?: readonly N[]
  readonly holds: (known: Given<N>) => false | string | Holds
  /** The fault's own steps when left out: then these read no facts. */
  readonly fix?: (known: Given<N>) => readonly FixStep[]
  /** Whether what was measured is what the file foretells: the same port, task or check. Then its edits cure that, too. */
  readonly meets?: (measured: Given<M>, foretold: Given<N>) => boolean
  readonly examples: readonly Example<NoInfer<N | W>>[]
}

/** A fault as its file states it: see docs/decisions and CONTRIBUTING.md for how to write one. */
export interface FaultSpec<
  N extends Need = never,
  W extends Need = never,
  FN extends Need = never,
  FW extends Need = never,
> {
  /** = file name; names the broken state; never renamed, never reused. */
  readonly id: string
  /** Other catalogue ids that are the same fault; the library finds them. */
  readonly aliases?: readonly string[]
  readonly about: Kind
  /** What is wrong, as a statement without a full stop. */
  readonly title: string
  readonly layer: Layer
  readonly severity: Severity
  /** What it stops is a deployment: packets to what runs pass all the same. */
  readonly stops?: 'deployment'
  /** Only packets inside the allocation meet it, over its loopback interface: callers from elsewhere notice nothing. */
  readonly inside?: 'loopback'
  /** Lines people paste, exactly as printed; variable parts as `<name>`. */
  readonly heard: readonly string[]
  /** Otherwise absent, with that reason: values of facts with a closed set of words. */
  readonly onlyWhen?: { readonly [K in W]: readonly NeedValue<K>[] }
  /** The facts it sees, and no others. */
  readonly needs: readonly N[]
  /** The needs whose evidence proves it, most telling first; all needs when left out. */
  readonly shows?: readonly N[]
  readonly holds: (known: Given<N>) => false | string | Holds
  /** How a person can tell when we cannot. */
  readonly byHand: string
  /** A risk may be meant so: when, as the end of a sentence that begins `All is well`. */
  readonly intended?: string
  /** Faults that are only consequences of this one. */
  readonly explains: readonly string[]
  /** The mechanism: why this breaks networking. */
  readonly because: string
  readonly fix: (known: Given<N>) => readonly FixStep[]
  readonly references: readonly string[]
  /** Where the behaviour changed: outside these versions it is absent. */
  readonly versions?: Versions
  readonly since: string
  readonly examples: readonly Example<NoInfer<N | W>>[]
  readonly foretold?: Foretold<FN, FW, NoInfer<N>>
}

/** The same, with its types forgotten: what the engine works on. */
export interface Fault extends Omit<
  FaultSpec,
  'needs' | 'onlyWhen' | 'holds' | 'fix' | 'examples' | 'shows' | 'foretold'
> {
  readonly needs: readonly Need[]
  readonly shows?: readonly Need[]
  readonly onlyWhen?: Readonly<Record<string, readonly unknown[]>>
  readonly holds: (known: Readonly<Record<string, unknown>>) => false | string | Holds
  readonly fix: (known: Readonly<Record<string, unknown>>) => readonly FixStep[]
  readonly examples: readonly { name: string; given: Readonly<Record<string, unknown>>; then: 'present' | 'absent' }[]
  /** The rule for things that exist only as files. */
  readonly foretold?: Fault & {
    readonly meets?: (
      measured: Readonly<Record<string, unknown>>,
      foretold: Readonly<Record<string, unknown>>,
    ) => boolean
  }
}

/** Checks a fault against the vocabulary: an undeclared fact in `holds`, or a misspelt value in `onlyWhen`, does not compile. */
export function fault<
  const Id extends string,
  const N extends Need = never,
  const W extends Need = never,
  const FN extends Need = never,
  const FW extends Need = never,
>(spec: FaultSpec<N, W, FN, FW> & { readonly id: Id }): Fault & { readonly id: Id } {
  const whole = spec as unknown as Fault & { readonly id: Id }
  if (!whole.foretold) return whole
  const { foretold, ...own } = whole
  const { onlyWhen: _, shows: __, ...rest } = own
  return { ...own, foretold: { ...rest, ...foretold } }
}
