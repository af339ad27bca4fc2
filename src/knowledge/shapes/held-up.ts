/** A task that has to end first, and the one it calls, which starts only then. `at`: where, if the job's texts say it. */
export interface HeldUp {
  readonly task: string
  readonly calls: string
  readonly at?: string
}
