import { home } from './home.tsx'
import type { Screen } from './screen.ts'

let all: (id: string) => Screen = () => home
let coming: Promise<void> | undefined

/** A screen by its id. Until the others have arrived there is Home alone. */
export const screenById = (id: string): Screen => all(id)

/** Loads all screens, and what they show: right after the first frame, which is of Home and must not wait for them. */
export const arrive = (): Promise<void> => (coming ??= load())

async function load(): Promise<void> {
  const { screenById: found } = await import('./index.ts')
  all = found
}
