import { Box } from 'ink'
import type { ReactNode } from 'react'
import { gap, lineWidth, span, type Line } from '../components/line.ts'
import { lastScroll, Page, position } from '../components/page.tsx'
import { Row } from '../components/row.tsx'
import { textRows, type At } from './screen.ts'

/** A text that scrolls, with its position in the last line. */
export function TextView({ at, lines }: { at: At; lines: readonly Line[] }): ReactNode {
  const { columns, frame } = at
  const height = textRows(at)
  const scroll = Math.min(frame.scroll, lastScroll(lines.length, height))
  const where = [span(position(scroll, height, lines.length), 'faint')]
  return (
    <Box flexDirection="column" width={columns}>
      <Page lines={lines} scroll={scroll} columns={columns} height={height} />
      <Row spans={[gap(columns - lineWidth(where) - 1), ...where]} columns={columns} />
    </Box>
  )
}
