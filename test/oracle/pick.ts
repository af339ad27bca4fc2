import * as fc from 'fast-check'

export const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
