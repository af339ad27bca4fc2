import { render, useApp, useInput, usePaste, useWindowSize, type Key } from 'ink'
import { useEffect, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { Frame, TooSmall } from '../components/frame.tsx'
import { footerLine } from '../components/keys.ts'
import { line } from '../components/line.ts'
import { LookContext } from '../components/look.tsx'
import type { Desk } from '../run/place.ts'
import { top } from '../run/state.ts'
import { storeOf, type Store } from '../run/store.ts'
import { lookOf, type Terminal } from '../theme.ts'
import { arrive, screenById } from './arrival.ts'
import { brightBackground, namesOf } from './input.ts'
import { isQuiet, keysOf, press } from './keys.ts'
import type { At, Screen } from './screen.ts'
import { headLines } from './status.ts'

const smallest = { columns: 60, rows: 16 }

/** What is read aloud is not cut to the width of a screen. */
const roomOf = (size: { columns: number; rows: number }, { spoken = false }: Terminal) =>
  spoken ? { columns: 240, rows: Math.max(size.rows, smallest.rows) } : size

const bannerRows = ({ Banner, bannerRows: needed }: Screen, at: At): number => (Banner ? (needed?.(at) ?? 1) : 0)

/** The whole interface: one frame around the screen on top, and the one place that reads the keyboard. */
export function App({ store, terminal, suspend }: { store: Store; terminal: Terminal; suspend?: Suspend }): ReactNode {
  const state = useStore(store)
  const { columns, rows } = roomOf(useWindowSize(), terminal)
  const { exit, suspendTerminal } = useApp()
  const [light, setLight] = useState(terminal.light)
  const [arrived, setArrived] = useState(false)
  const look = lookOf({ ...terminal, light })
  const hidden = columns < smallest.columns || rows < smallest.rows
  const away = () => void suspend?.(suspendTerminal)
  const atNow = (): At => {
    const now = store.getState()
    const frame = top(now)
    const screen = screenById(frame.screen)
    const head = headLines(screen.title, now, look, columns)
    const room = rows - 3 - head.length
    const at = { state: now, frame, act: store.act, look, suspend: away, hidden, columns, rows: room }
    return { ...at, rows: room - bannerRows(screen, at) }
  }
  useEffect(() => {
    if (state.exit !== null) exit(state.exit)
  }, [state.exit, exit])
  useEffect(() => void arrive().then(() => setArrived(true)), [])
  const hear = (input: string, key: Key) => {
    for (const name of namesOf(input, key)) {
      const at = atNow()
      press(name, screenById(at.frame.screen), at)
    }
  }
  useInput((input, key) => {
    const bright = brightBackground(input)
    if (bright !== undefined) setLight(bright)
    else if (arrived) hear(input, key)
    else void arrive().then(() => hear(input, key))
  })
  usePaste((text) => {
    if (hidden) return
    if (!top(store.getState()).typing) store.act.open('faults', '', { typing: true, filter: 'line' })
    store.act.type(text.trim())
  })
  if (hidden)
    return (
      <LookContext value={look}>
        <TooSmall columns={columns} rows={rows} />
      </LookContext>
    )
  const at = atNow()
  const screen = screenById(at.frame.screen)
  const keys = keysOf(screen, at).filter((one) => !isQuiet(one, at) && one.unless?.(at) === undefined)
  return (
    <LookContext value={look}>
      <Frame
        head={headLines(screen.title, state, look, columns)}
        footer={state.notice === '' ? footerLine(keys, columns - 2) : line(state.notice, 'accent')}
        columns={columns}
        rows={rows}
        split={screen.split?.(at)}
        banner={screen.Banner && <screen.Banner at={at} />}
        bannerRows={bannerRows(screen, at)}
      >
        <screen.View at={at} />
      </Frame>
    </LookContext>
  )
}

export type Suspend = (give: ReturnType<typeof useApp>['suspendTerminal']) => Promise<void>

export interface Options {
  readonly terminal: Terminal
  readonly spoken: boolean
  readonly screen?: string
  /** Whether all screens must be there before the first frame, because it is not of Home. */
  readonly whole: boolean
  readonly suspend: Suspend
  /** Registers what must happen before a crash is told; gives back how to take it back. */
  readonly guard: (restore: () => void) => () => void
  /** Registers what must happen when the terminal has another size and stays so; gives back how to take it back. */
  readonly resized: (draw: () => void) => () => void
  /** Empties the terminal. */
  readonly erase: () => void
  /** What happens right after the first frame. */
  readonly begin: (store: Store) => void
}

/** Shows the interface until the person leaves it; the exit code, and the state as it was left. */
export async function show(desk: Desk, options: Options): Promise<{ code: number; store: Store }> {
  if (options.whole) await arrive()
  const store = storeOf(desk, options.screen)
  const tree = <App store={store} terminal={options.terminal} suspend={options.suspend} />
  const app = render(tree, {
    alternateScreen: !options.spoken,
    incrementalRendering: true,
    maxFps: 60,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    isScreenReaderEnabled: options.spoken,
  })
  const forget = options.guard(() => app.unmount())
  // While its size changes a terminal moves and cuts what it shows; nothing tells how. So all of it is drawn anew.
  const still = options.resized(() => {
    if (options.spoken) return
    app.clear()
    options.erase()
    app.rerender(tree)
  })
  options.begin(store)
  try {
    const code = await app.waitUntilExit()
    return { code: typeof code === 'number' ? code : 0, store }
  } finally {
    forget()
    still()
  }
}
