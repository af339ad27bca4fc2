/** A module of Node's by its name. */
export const node = (name: string): unknown => (seldom.has(name) ? lazily(name) : process.getBuiltinModule(name))

/** Most runs load what imports these and never call it; `node:crypto` alone brings twenty modules along. */
const seldom = new Set(
  ['crypto', 'fs/promises', 'module', 'os', 'timers/promises', 'zlib'].map((name) => `node:${name}`),
)

/** It is loaded when something of it is first used. */
function lazily(name: string): object {
  const loaded = () => process.getBuiltinModule(name) as object
  return new Proxy(
    {},
    {
      get: (_, key): unknown => Reflect.get(loaded(), key),
      has: (_, key) => key in loaded(),
      ownKeys: () => Reflect.ownKeys(loaded()),
      getOwnPropertyDescriptor(_, key) {
        const own = Reflect.getOwnPropertyDescriptor(loaded(), key)
        return own && { ...own, configurable: true }
      },
    },
  )
}
