import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Looking } from './acts.ts'
import { looking } from './looking.ts'
import { moving, type Moving } from './moving.ts'
import type { Desk } from './place.ts'
import { questionsUp } from './questions.ts'
import { initial, type State } from './state.ts'

/** Everything that can be done; screens and keys call these and nothing else. */
export interface Actions extends Looking, Moving {
  readonly quit: (code: number) => void
  readonly copy: (text: string, what: string) => void
  readonly loadCases: () => Promise<void>
}
export interface Store extends StoreApi<State> {
  readonly act: Actions
}

/** The state of one program run, and the actions on it. The world comes in through the desk alone. */
export function storeOf(desk: Desk, screen = 'home'): Store {
  const api = createStore<State>(() => initial(desk.place, screen))
  const moves = moving(api)
  api.subscribe((state) => {
    const change = questionsUp(state, Date.now())
    if (change) api.setState(change)
  })
  const act: Actions = {
    ...moves,
    ...looking(api, desk, moves),
    quit: (exit) => api.setState({ exit }),
    copy(text, what) {
      desk.copy(text)
      moves.notice(`Copied: ${what}`)
    },
    async loadCases() {
      if (api.getState().cases === null) api.setState({ cases: await desk.cases() })
    },
  }
  return { ...api, act }
}
