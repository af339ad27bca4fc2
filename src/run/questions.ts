import { frame, top, type State } from './state.ts'

export const questionScreen = 'consent'
/** May lie on top of the questions: it says what their keys do. */
const helpScreen = 'help'

/**
 * What waits for a yes comes to the front as soon as nobody is typing, and goes when all is answered: a letter meant for
 * a search must not become a yes. Null: the state is as it should be. `now`: milliseconds.
 */
export function questionsUp(state: State, now: number): Partial<State> | null {
  const { asked, stack } = state
  const [first, ...above] = stack
  const others = above.filter(({ screen }) => screen !== questionScreen)
  if (asked.length === 0) return others.length === above.length ? null : { stack: [first, ...others] }
  const last = top(state)
  if (last.typing || (last.screen === helpScreen && stack.at(-2)?.screen === questionScreen)) return null
  const up = last.screen === questionScreen
  const fresh = asked.some(({ shown }) => shown === null)
  if (up && !fresh) return null
  return {
    asked: asked.map((one) => ({ ...one, shown: one.shown ?? now })),
    ...(up ? {} : { stack: [first, ...others, frame(questionScreen)] }),
  }
}
