import type { ReactNode } from 'react'
import type { Line } from '../components/line.ts'
import type { Frame, State } from '../run/state.ts'
import type { Actions } from '../run/store.ts'
import type { Look } from '../theme.ts'

/** What the cursor can stand on; `rest` items (headings, blank lines) are passed over. */
export interface Stop {
  readonly id: string
  readonly rest?: boolean
}

/** A screen at one moment: all a view, a key or a footer may look at. */
export interface At {
  readonly state: State
  readonly frame: Frame
  readonly act: Actions
  readonly look: Look
  /** Gives the terminal back to the shell for a while. */
  readonly suspend: () => void
  /** The terminal is too small: nothing of this is seen. */
  readonly hidden: boolean
  /** The room between the two rules. */
  readonly columns: number
  readonly rows: number
}

/** One key: what is pressed, what it does in two or three words, and why it is not available now. */
export interface Key {
  readonly press: readonly string[]
  readonly does: string
  readonly run: (at: At, name: string) => void
  readonly unless?: (at: At) => string | undefined
  /** Left out of the footer; the help has it. */
  readonly quiet?: boolean | ((at: At) => boolean)
}

export interface Screen {
  readonly id: string
  readonly title: string
  /** One sentence for the help. */
  readonly about: string
  readonly keys: readonly Key[]
  /** Nothing leads away from it but help and leaving the program. */
  readonly alone?: boolean
  /** A screen is a list with a cursor, or a text that scrolls. */
  readonly stops?: (at: At) => readonly Stop[]
  readonly lines?: (at: At) => readonly Line[]
  /** Where the cursor stands while nobody has moved it. */
  readonly begin?: (at: At) => string | null
  /** What Enter does while text is typed; without it the text is kept and typing ends. */
  readonly typed?: (at: At) => void
  /** The same in a word or two. */
  readonly typedDoes?: string
  /** The column of the line between two panes, if there are two now. */
  readonly split?: (at: At) => number | undefined
  /** A line of its own above the keys. */
  readonly Banner?: (props: { at: At }) => ReactNode
  /** How many rows the banner takes; one when left out. */
  readonly bannerRows?: (at: At) => number
  readonly View: (props: { at: At }) => ReactNode
}

/** Two panes from this width on. */
export const wideFrom = 110
export const splitAt = ({ columns, look }: At): number | undefined =>
  columns >= wideFrom && !look.spoken ? Math.floor(columns * 0.6) : undefined

/** The item the cursor is on now. */
export function onNow(screen: Screen, at: At): string | null {
  const stops = (screen.stops?.(at) ?? []).filter(({ rest }) => rest !== true)
  const { on } = at.frame
  if (on !== null && stops.some(({ id }) => id === on)) return on
  return screen.begin?.(at) ?? stops[0]?.id ?? null
}

/** A text leaves one line for where one is in it. */
export const textRows = ({ rows }: At): number => rows - 1

export const searchKey: Key = {
  press: ['/'],
  does: 'search',
  run: ({ act }) => act.patch({ typing: true }),
}
