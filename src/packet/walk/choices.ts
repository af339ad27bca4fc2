/** The ways a walk may go: each run answers every choice, and the next run answers the last one differently. */
export interface Choices {
  /** One of 0 … count-1. */
  readonly choose: (count: number) => number
}

/** More ways than anybody reads. */
export const mostWays = 32

/** Runs once for each combination of answers; `truncated` when there are more than `most`. */
export function everyWay<T>(most: number, run: (choices: Choices) => T): { readonly found: T[]; truncated: boolean } {
  const found: T[] = []
  let taken: { readonly count: number; answer: number }[] = []
  for (;;) {
    let asked = 0
    const path = taken
    found.push(
      run({
        choose: (count) => {
          const at = (path[asked] ??= { count, answer: 0 })
          asked += 1
          return at.answer
        },
      }),
    )
    taken = path.slice(0, asked)
    while (taken.length > 0) {
      const last = taken.at(-1)
      if (last && last.answer + 1 < last.count) {
        last.answer += 1
        break
      }
      taken.pop()
    }
    if (taken.length === 0) return { found, truncated: false }
    if (found.length >= most) return { found, truncated: true }
  }
}
