/** One figure of the bench. */
export interface Item {
  readonly name: string
  /** The most it may be: in its unit, or, for a ratio, so many times what `node -e 0` takes in the same run. */
  readonly limit: number
  readonly unit: 'ratio' | 'ms' | 'MiB' | 'MB' | 'power'
  /** It takes long, or is the same each time: no more rounds than this. */
  readonly most?: number
  /** Takes the figure once: milliseconds for a ratio. The first round is a rehearsal and does not count. */
  readonly measure: () => number | Promise<number>
}
