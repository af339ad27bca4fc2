/** The branches of a question of the tree. */
import { foot, rungs } from '../../src/knowledge/tree/places.ts'
import type { Ladder, Question } from '../../src/knowledge/tree/question.ts'

const key = (then: Ladder): string => [...rungs(then), `? ${foot(then)?.id ?? ''}`].join(' ')

export interface Branch {
  readonly labels: readonly string[]
  readonly then: Ladder
}

/** The branches of a question; answers that lead down the same ladder make one branch. */
export function branches({ answers }: Question): readonly Branch[] {
  return [...Map.groupBy(Object.values(answers), ({ then }) => key(then)).values()].flatMap((own) => {
    const [first] = own
    return first ? [{ labels: own.map(({ label }) => label), then: first.then }] : []
  })
}
