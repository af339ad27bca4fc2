import type { Dial } from './facts/path.ts'
import { begun } from './words.ts'

/** Where a dialled address stands, in words: `env ORDERS of task loop`; one that a person named stands nowhere else. */
export const originOf = ({ from }: Pick<Dial, 'from'>): string => (from === 'case' ? 'named with the question' : from)

/** Who has the address that follows, at the start of a sentence: `Env ORDERS of task loop says`. */
export const dialledBy = ({ from }: Pick<Dial, 'from'>): string =>
  from === 'case' ? 'The caller dials' : `${begun(from)} says`
