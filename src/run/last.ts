import type { State } from './state.ts'

/** What follows from the state is kept for the last state it was asked for, because screens ask often. */
export function last<T>(make: (state: State) => T, of: (state: State) => readonly unknown[]): (state: State) => T {
  let inputs: readonly unknown[] = []
  let output: T | undefined
  return (state) => {
    const now = of(state)
    if (output === undefined || now.some((one, i) => one !== inputs[i])) {
      output = make(state)
      inputs = now
    }
    return output
  }
}
