import type { FactKey, Facts } from '../facts.ts'

/** Fault ids from top to bottom, in the order an expert would rule them out; a narrower question only at the foot. */
export type Ladder<F extends string = string> = readonly F[] | readonly [...F[], Question<F>]

/** `unexplained`: this answer leaves the trouble without a cause, so that the walk is not done. */
interface Answered<F extends string> {
  readonly label: string
  readonly then: Ladder<F>
  readonly unexplained?: true
  /** This answer looks at all that the others look at: to assume it leaves nothing out. */
  readonly everything?: true
}
interface Asked<F extends string> {
  readonly id: string
  /** The question, ends in a question mark. */
  readonly ask: string
  /** What its answer decides. */
  readonly why: string
  readonly answers: Readonly<Record<string, Answered<F>>>
  /** The branch to follow if nobody knows; shown as an assumption. */
  readonly unsure: string
}
/** `reads`: a fact of the path under diagnosis; `answer`: how that one value is read. */
export interface Question<F extends string = string> extends Asked<F> {
  readonly reads?: FactKey
  readonly answer?: (value: never) => string
}

type Answers<F extends string, A extends string> = Readonly<Record<A, Answered<F>>>

/** A question only a person (or a case file, or a flag) answers. */
export function askPerson<const F extends string, const A extends string>(spec: {
  id: string
  ask: string
  why: string
  unsure: NoInfer<A>
  answers: Answers<F, A>
}): Question<F> {
  return spec
}

/** A question that a fact of the path answers; a person is asked only when the fact is unknown. */
export function askFact<const F extends string, const A extends string, const K extends FactKey>(spec: {
  id: string
  ask: string
  why: string
  reads: K
  answer: (value: Facts[K]) => NoInfer<A>
  unsure: NoInfer<A>
  answers: Answers<F, A>
}): Question<F> {
  return spec
}
