import { Box, useIsScreenReaderEnabled } from 'ink'
import type { ReactNode } from 'react'
import { cut, gap, line, lineWidth, span, wrap, type Line } from './line.ts'
import { useLook } from './look.tsx'
import { Row, Rows } from './row.tsx'

/** Left and right on one line. Where both do not fit, the right keeps `least` of it, half if nothing else is said. */
export function sides(left: Line, right: Line, columns: number, least = Math.floor(columns / 2)): Line {
  const end = cut(right, Math.max(least, columns - lineWidth(left) - 2))
  const start = cut(left, columns - lineWidth(end) - 2)
  return [...start, gap(columns - lineWidth(start) - lineWidth(end)), ...end]
}

/** Header, rule, body, rule, footer: always exactly the height of the terminal. */
export function Frame({
  head,
  footer,
  columns,
  rows,
  split,
  banner,
  bannerRows = 0,
  children,
}: {
  head: readonly Line[]
  footer: Line
  columns: number
  rows: number
  /** The column of a line down the middle. */
  split?: number | undefined
  banner?: ReactNode
  bannerRows?: number
  children: ReactNode
}): ReactNode {
  const spoken = useIsScreenReaderEnabled()
  if (spoken)
    return (
      <Box flexDirection="column" width={columns}>
        <Rows lines={head} columns={columns} />
        {children}
        {banner}
        <Row spans={footer} columns={columns} />
      </Box>
    )
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Rows lines={head} columns={columns} />
      <Rule columns={columns} split={split} down />
      <Box height={rows - 3 - head.length - bannerRows} width={columns} overflow="hidden">
        {children}
      </Box>
      <Rule columns={columns} split={split} />
      {banner}
      <Row spans={[gap(1), ...footer]} columns={columns} />
    </Box>
  )
}

function Rule({
  columns,
  split,
  down = false,
}: {
  columns: number
  split?: number | undefined
  down?: boolean
}): ReactNode {
  const { marks } = useLook()
  const text =
    split === undefined
      ? marks.line.repeat(columns)
      : marks.line.repeat(split) + (down ? marks.down : marks.up) + marks.line.repeat(columns - split - 1)
  return <Row spans={[{ text, token: 'border' }]} columns={columns} />
}

/** Two panes with a line between them. */
export function Panes({
  at,
  rows,
  left,
  right,
}: {
  at: number
  rows: number
  left: ReactNode
  right: ReactNode
}): ReactNode {
  const { marks } = useLook()
  const bar = Array.from({ length: rows }, (): Line => [{ text: marks.bar, token: 'border' }])
  const spoken = useIsScreenReaderEnabled()
  if (spoken) return left
  return (
    <Box height={rows}>
      <Box width={at} flexShrink={0}>
        {left}
      </Box>
      <Box width={1} flexDirection="column" flexShrink={0}>
        <Rows lines={bar} columns={1} />
      </Box>
      {right}
    </Box>
  )
}

/** Not broken, only too small. */
export function TooSmall({ columns, rows }: { columns: number; rows: number }): ReactNode {
  const long = wrap(
    line(`nomad-netdoctor needs 60 columns and 16 lines; this is ${columns} by ${rows}. q quits.`),
    columns,
  )
  const said = long.length > rows ? wrap(line('needs 60 x 16'), columns) : long
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Rows lines={said} columns={columns} />
    </Box>
  )
}

/** A line of text being typed, with its own cursor. */
export function prompt(label: string, text: string, typing: boolean, hint = ''): Line {
  const typed = text === '' && !typing ? [span(hint, 'faint')] : [span(text), ...(typing ? [span('▏', 'accent')] : [])]
  const help = typing && text === '' ? [span(` ${hint}`, 'faint')] : []
  return [span(`${label} `, 'accent'), ...typed, ...help]
}
