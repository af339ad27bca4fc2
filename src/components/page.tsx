import { Box } from 'ink'
import type { ReactNode } from 'react'
import { blank, gap, span, type Line } from './line.ts'
import { Rows } from './row.tsx'

/** Where one is in a long text: empty when all of it is seen. */
export function position(scroll: number, height: number, length: number): string {
  if (length <= height) return ''
  const last = Math.min(length, scroll + height)
  return `${scroll + 1}-${last} of ${length}`
}

/** The farthest a text can be scrolled. */
export const lastScroll = (length: number, height: number): number => Math.max(0, length - height)

/** The beginning of a text beside a list; where it is longer, the last line says so. */
export function Aside({
  lines,
  columns,
  height,
}: {
  lines: readonly Line[]
  columns: number
  height: number
}): ReactNode {
  const left = lines.length - height + 1
  const more: Line = [gap(2), span(`… ${left} more lines: enter opens all`, 'faint')]
  const seen = left <= 1 ? lines : [...lines.slice(0, height - 1), more]
  return <Page lines={seen} scroll={0} columns={columns} height={height} />
}

/** A long text: the part that is seen. */
export function Page({
  lines,
  scroll,
  columns,
  height,
}: {
  lines: readonly Line[]
  scroll: number
  columns: number
  height: number
}): ReactNode {
  const first = Math.min(scroll, lastScroll(lines.length, height))
  const seen = lines.slice(first, first + height)
  return (
    <Box flexDirection="column" width={columns} height={height}>
      <Rows lines={seen.length === 0 ? [blank] : seen} columns={columns} />
    </Box>
  )
}
