/**
 * Parts of a job file that cannot be evaluated (a variable without a value, a function that reads a file): reading such a
 * part throws, so that exactly what depends on it is not known.
 */
export class NotEvaluable extends Error {
  override readonly name = 'NotEvaluable'
}

/** Makes a property one that cannot be read. */
export function hollow(owner: object, key: string | number, why: string): void {
  Object.defineProperty(owner, key, {
    enumerable: true,
    configurable: true,
    get: () => {
      throw new NotEvaluable(why)
    },
  })
}

/** What can be read, or the other value. */
export function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof NotEvaluable) return otherwise
    throw error
  }
}
