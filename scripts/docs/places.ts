/** Where faults stand in the tree. */
import { questions } from '../../src/knowledge/tree/index.ts'
import type { Ladder, Question } from '../../src/knowledge/tree/question.ts'

export interface Place {
  readonly question: Question
  /** Labels of the answers whose ladders name the fault. */
  readonly answers: readonly string[]
}

const items = (ladder: Ladder): readonly (string | Question)[] => ladder
export const rungs = (ladder: Ladder): readonly string[] => items(ladder).filter((rung) => typeof rung === 'string')
export const foot = (ladder: Ladder): Question | undefined => items(ladder).find((rung) => typeof rung !== 'string')

export function placesOf(id: string): readonly Place[] {
  return questions.flatMap((question) => {
    const answers = Object.values(question.answers).filter(({ then }) => rungs(then).includes(id))
    return answers.length === 0 ? [] : [{ question, answers: answers.map(({ label }) => label) }]
  })
}

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
