import { vi } from 'vitest'

/** Waits until the check passes; a busy machine may need many times what is usual. */
export const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000 })
