/** What was found is trusted for this many milliseconds: rights, tokens and places change while somebody repairs. */
const trusted = 10_000

/** Finds each key once in a short while; who asks meanwhile shares the answer. */
export function shortly<T>(find: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const found = new Map<string, Promise<T>>()
  return (key) => {
    const known = found.get(key)
    if (known) return known
    const fresh = find(key)
    found.set(key, fresh)
    setTimeout(() => found.delete(key), trusted).unref()
    return fresh
  }
}
