import type { Seen } from './fact.ts'
import type { Because, By } from './report.ts'
import type { Question } from './tree/question.ts'
import type { Verdict } from './verdict.ts'

/** One step down the tree: a question with its answer, or a fault that was looked for. */
export type Step =
  | {
      readonly kind: 'question'
      readonly question: Question
      readonly answer: string
      readonly by: By
      readonly depth: number
      readonly evidence: readonly Seen[]
      readonly differs?: string
      /** Why what would answer it is not known. */
      readonly because?: Because
    }
  | {
      readonly kind: 'rung'
      readonly fault: string
      readonly verdict: Verdict['verdict']
      readonly by: By
      readonly depth: number
      readonly judged: Verdict | undefined
    }

export interface Walked {
  readonly steps: readonly Step[]
  /** The fault the walk ends at, or `unexplained`. */
  readonly end: string
  /** Assumed questions, unknown rungs and answers that leave the trouble unexplained, in order. */
  readonly open: readonly Step[]
}

/** No step is taken. */
export const nowhere: Walked = { steps: [], end: 'unexplained', open: [] }
