/** One figure of the bench. Limits are ratios to the time that `node -e 0` takes in the same run. */
export interface Item {
  readonly name: string
  /** How many times the floor it may take at most. */
  readonly limit: number
  /** Takes the time once, in milliseconds. The first round is a rehearsal and does not count. */
  readonly measure: () => number | Promise<number>
}
