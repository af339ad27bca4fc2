/** What checks by hand found, by fault id. */
export type Checks = Readonly<Record<string, 'present' | 'absent'>>

/** What a person said: answers by question id; the outcome of by-hand checks by fault id. */
export interface Told {
  readonly answers: Readonly<Record<string, string>>
  readonly checks: Checks
}
export const nothingTold: Told = { answers: {}, checks: {} }
