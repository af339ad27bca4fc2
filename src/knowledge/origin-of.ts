import type { Dial } from './facts/path.ts'

/** Where a dialled address stands, in words: `env ORDERS of task loop`; one that a person named stands nowhere else. */
export const originOf = ({ from }: Pick<Dial, 'from'>): string => (from === 'case' ? 'named with the question' : from)
