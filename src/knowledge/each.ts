import type { FixStep, Holds, Wrong } from './fault.ts'

/** A fault that holds in several places of one thing: each is a finding of its own. */
export const each = ([first, ...also]: readonly Wrong[]): false | Holds =>
  first === undefined ? false : also.length === 0 ? first : { ...first, also }

/** The steps for all places. */
export const stepsOf = (wrongs: readonly Wrong[]): readonly FixStep[] => wrongs.flatMap(({ fix = [] }) => fix)
