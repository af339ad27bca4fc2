import type { StoreApi } from 'zustand/vanilla'
import { isWatching } from '../ask/packets.ts'
import { spell, type Request } from '../ask/request.ts'
import type { State } from './state.ts'

/** What a person allowed, and what waits for an answer. */
export interface Consents {
  readonly to: (request: Request) => boolean | Promise<boolean>
  readonly answer: (answer: 'yes' | 'no' | 'never', keys: readonly string[]) => void
  /** What was refused is asked again, when it is next needed; after `never` only in the look that somebody `wished` for. */
  readonly askAgain: (wished?: 'wished') => void
  /** A look ends: nothing that waits begins, and nobody said no, so that the next one asks again. */
  readonly drop: () => void
}

export function consents({ getState: get, setState: set }: StoreApi<State>): Consents {
  const agreed = new Map<string, boolean>()
  /** Parts of a watching that were answered. */
  const parts = new Set<string>()
  const waiting = new Map<string, { readonly request: Request; readonly done: (yes: boolean) => void }>()

  /** What a look was wished for may be asked in it, though somebody said never. */
  let wish = false

  /** Lets begin what was answered; a watching begins as one, when the last question of it is answered. */
  function begin() {
    const open = get().asked.some(({ request }) => isWatching(request))
    for (const [key, { request, done }] of waiting) {
      const yes = agreed.get(key)
      if (yes === undefined || (open && isWatching(request))) continue
      waiting.delete(key)
      done(yes)
    }
  }

  return {
    to(request) {
      const key = spell(request)
      const known = agreed.get(key) ?? (get().silent && !wish ? false : undefined)
      if (known !== undefined) return known
      if (isWatching(request)) parts.add(key)
      set(({ asked }) => ({ asked: [...asked, { key, request, shown: null }] }))
      return new Promise((done) => waiting.set(key, { request, done }))
    },
    answer(answer, keys) {
      if (answer === 'never') {
        wish = false
        set({ silent: true })
      }
      const answered = answer === 'never' ? get().asked.map(({ key }) => key) : keys
      for (const key of answered) agreed.set(key, answer === 'yes')
      set(({ asked }) => ({ asked: asked.filter(({ key }) => !answered.includes(key)) }))
      begin()
    },
    askAgain(wished) {
      if (get().silent && !wished) return
      wish = wished !== undefined
      const refused = [...agreed].filter(([, yes]) => !yes).map(([key]) => key)
      // Part of a watching is not allowed beforehand: it would begin before the rest.
      const broken = refused.some((key) => parts.has(key)) ? parts : []
      for (const key of [...refused, ...broken]) agreed.delete(key)
    },
    drop() {
      wish = false
      for (const { done } of waiting.values()) done(false)
      waiting.clear()
      set({ asked: [] })
    },
  }
}
