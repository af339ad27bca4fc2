import { Box, useIsScreenReaderEnabled } from 'ink'
import type { ReactNode } from 'react'
import { gap, span, type Line } from './line.ts'
import { useLook } from './look.tsx'
import { Row } from './row.tsx'

export interface Item {
  readonly id: string
  /** What is shown, or how to make it: in long lists only the seen rows are made. */
  readonly spans: Line | (() => Line)
  /** The same with nothing cut, on several lines: shown while the cursor is on it. */
  readonly whole?: () => readonly Line[]
  /** A heading or a blank line: the cursor passes over it. */
  readonly rest?: boolean
}

/** Where the seen part of a list begins: as it was, moved just enough that the cursor stays off the edges. */
export function firstSeen(length: number, at: number, height: number, scroll: number): number {
  const margin = Math.min(2, Math.max(0, Math.floor((height - 1) / 2)))
  const near = Math.min(Math.max(scroll, at - height + 1 + margin), at - margin)
  return Math.max(0, Math.min(length - height, near))
}

/** What of a list is seen: the first row, how many, and the lines the row under the cursor opens to. */
export function seenOf(
  items: readonly Item[],
  on: string | null,
  height: number,
  scroll: number,
  spoken = false,
): { readonly first: number; readonly room: number; readonly opened: readonly Line[] } {
  const at = Math.max(
    0,
    items.findIndex(({ id }) => id === on),
  )
  const now = items[at]
  const open = now?.id === on && now.rest !== true && !spoken ? now.whole?.() : undefined
  const opened = open?.slice(0, Math.max(1, height - 2)) ?? []
  const room = Math.max(1, height - Math.max(0, opened.length - 1))
  return { first: firstSeen(items.length, at, room, scroll), room, opened }
}

/** A list of any length: only what is seen is drawn. The cursor has a mark of its own, colour or not. */
export function List({
  items,
  on,
  scroll,
  columns,
  height,
}: {
  items: readonly Item[]
  on: string | null
  scroll: number
  columns: number
  height: number
}): ReactNode {
  const { marks } = useLook()
  const spoken = useIsScreenReaderEnabled()
  const { first, room, opened } = seenOf(items, on, height, scroll, spoken)
  const rows = items.slice(first, first + room).flatMap(({ id, spans, rest }) => {
    const selected = id === on && rest !== true
    const mark = selected ? span(marks.cursor, 'accent') : gap(1)
    const lines = selected && opened.length > 0 ? opened : [typeof spans === 'function' ? spans() : spans]
    return lines.map((one) => ({ spans: [mark, ...one], selected }))
  })
  return (
    <Box flexDirection="column" width={columns} height={height} aria-role="list">
      {rows.map((row, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- a row is its place on the screen; what it shows may repeat
        <Row key={i} {...row} columns={columns} />
      ))}
    </Box>
  )
}
