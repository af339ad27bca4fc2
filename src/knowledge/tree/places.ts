import { questions } from './index.ts'
import type { Ladder, Question } from './question.ts'

/** Where a fault stands in the tree. */
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

/** A place as text: the question and the answers that lead to the fault. */
export const placeWords = ({ question, answers }: Place): string => `${question.ask} → ${answers.join(' · ')}`
