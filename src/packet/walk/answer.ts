/** Whether a condition holds: yes, no, by chance, or not known and why. */
export type Answer = boolean | 'may' | Unsure

export interface Unsure {
  readonly unknown: string
}

export const unsure = (because: string): Unsure => ({ unknown: because })

export const isUnsure = (value: unknown): value is Unsure =>
  typeof value === 'object' && value !== null && 'unknown' in value

export const not = (answer: Answer): Answer => (typeof answer === 'boolean' ? !answer : answer)

/** False wins, then what is not known, then chance. */
export function allOf(answers: Iterable<Answer>): Answer {
  let found: Answer = true
  for (const answer of answers) {
    if (answer === false) return false
    if (answer !== true && !isUnsure(found)) found = answer
  }
  return found
}

/** True wins, then what is not known, then chance. */
export function anyOf(answers: Iterable<Answer>): Answer {
  let found: Answer = false
  for (const answer of answers) {
    if (answer === true) return true
    if (answer !== false && !isUnsure(found)) found = answer
  }
  return found
}
