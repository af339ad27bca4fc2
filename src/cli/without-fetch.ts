/**
 * Loads a module while `fetch` is hidden. Ink's layout engine unpacks itself with `fetch` where there is one, which
 * makes Node load its whole HTTP client before the first frame; without it, it decodes the same bytes by hand.
 */
export async function withoutFetch<Module>(load: () => Promise<Module>): Promise<Module> {
  const fetch = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
  if (!fetch) return load()
  Object.defineProperty(globalThis, 'fetch', { value: undefined, configurable: true, writable: true })
  try {
    return await load()
  } finally {
    Object.defineProperty(globalThis, 'fetch', fetch)
  }
}
