import type { Aim } from '../derive/things.ts'
import type { FactKey, Need } from '../knowledge/facts.ts'
import type { Told } from '../knowledge/told.ts'
import type { NameError } from './names.ts'
import type { Place } from './place.ts'
import type { Draft } from './state.ts'

/** Looking at the world, and what a person says about it. */
export interface Looking {
  /** Reads who is there: clients, jobs, services. */
  readonly reach: () => Promise<void>
  /** Reads the jobs, so that their tasks and ports can be chosen. */
  readonly readJobs: () => Promise<void>
  readonly lookAt: (aim: Aim, told?: Told) => Promise<void>
  /**
   * Looks at everything again, so that no answer from before a repair stands beside one from after it, and asks again
   * for what was refused; tells what became of the fault.
   */
  readonly verify: (fault?: string) => Promise<void>
  /** Looks at something that is looked at only when a person wants it, or again at what was refused. */
  readonly want: (fact: FactKey) => Promise<void>
  /** Reads these beside the rest, if nobody wanted them before. */
  readonly alsoRead: (needs: readonly Need[]) => Promise<void>
  readonly answer: (question: string, answer: string) => void
  readonly check: (fault: string, verdict: 'present' | 'absent') => void
  readonly takeBack: () => void
  readonly draft: (change: Partial<Draft>) => void
  /** What typed text stands for in a field of the question, if it exists. */
  readonly typed: (field: 'from' | 'to' | 'port', text: string) => Promise<Partial<Draft> | NameError>
  readonly openCase: (dir: string) => Promise<void>
  /** Looks at what a recorded case complains of. */
  readonly enterCase: (place: Place) => Promise<void>
  /** Looks at the place where the program was started. */
  readonly goHome: () => void
  /** Answers what was asked: a yes counts as long as the program runs, a no until somebody looks again. */
  readonly consent: (answer: 'yes' | 'no' | 'never', keys: readonly string[]) => void
}
