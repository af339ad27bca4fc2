import type { StoreApi } from 'zustand/vanilla'
import { cleanLine } from '../ask/clean.ts'
import { frame, top, type Frame, type State } from './state.ts'

/** Moving between screens and on them. Every move is on the top of the stack. */
export interface Moving {
  readonly open: (screen: string, arg?: string, patch?: Partial<Frame>) => void
  readonly back: () => void
  /** Changes the screen on top. */
  readonly patch: (change: Partial<Frame> | ((frame: Frame) => Partial<Frame>)) => void
  /** Moves the cursor by some items of the list it is on. */
  readonly step: (items: readonly string[], by: number, now: string | null) => void
  readonly scroll: (by: number, last: number) => void
  readonly type: (text: string) => void
  readonly erase: (what: 'character' | 'word' | 'all') => void
  readonly fold: (id: string) => void
  readonly notice: (text: string) => void
}

export function moving({ setState, getState }: Pick<StoreApi<State>, 'setState' | 'getState'>): Moving {
  const patch: Moving['patch'] = (change) =>
    setState((state) => {
      const old = top(state)
      const changed = { ...old, ...(typeof change === 'function' ? change(old) : change) }
      return { stack: replaceTop(state.stack, changed) }
    })
  const query = (make: (old: string) => string) => patch(({ query }) => ({ query: make(query), on: null, scroll: 0 }))
  return {
    open(screen, arg = '', own = {}) {
      const now = top(getState())
      if (now.screen === screen && now.arg === arg) return patch(own)
      setState(({ stack }) => ({ stack: [...stack, frame(screen, arg, own)], notice: '' }))
    },
    back() {
      if (getState().stack.length > 1)
        setState(({ stack: [first, ...rest] }) => ({ stack: [first, ...rest.slice(0, -1)], notice: '' }))
    },
    patch,
    step(items, by, now) {
      const at = now === null ? 0 : Math.max(0, items.indexOf(now))
      const on = items[Math.min(items.length - 1, Math.max(0, at + by))]
      if (on !== undefined) patch({ on })
    },
    scroll: (by, last) => patch(({ scroll }) => ({ scroll: Math.max(0, Math.min(last, Math.min(last, scroll) + by)) })),
    type: (text) => query((old) => old + cleanLine(text)),
    erase: (what) =>
      query((old) =>
        what === 'all' ? '' : what === 'word' ? old.replace(/\S*\s*$/, '') : Array.from(old).slice(0, -1).join(''),
      ),
    fold: (id) =>
      patch(({ unfolded }) => ({
        unfolded: unfolded.includes(id) ? unfolded.filter((one) => one !== id) : [...unfolded, id],
        on: id,
      })),
    notice: (notice) => setState({ notice }),
  }
}

function replaceTop(stack: State['stack'], changed: Frame): State['stack'] {
  const [first, ...rest] = stack
  return rest.length === 0 ? [changed] : [first, ...rest.slice(0, -1), changed]
}
