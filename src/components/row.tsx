import { Text, useIsScreenReaderEnabled } from 'ink'
import type { ReactNode } from 'react'
import type { Token } from '../theme.ts'
import { ascii } from './ascii.ts'
import { cut, gap, lineText, lineWidth, type Line } from './line.ts'
import { useLook } from './look.tsx'

/** Read aloud, columns are pauses. */
const said = (spans: Line): string =>
  lineText(spans)
    .trim()
    .replaceAll(/\s{2,}/g, ', ')

/** One row of the terminal: exactly `columns` wide, never more than one line. */
export function Row({
  spans,
  columns,
  selected = false,
}: {
  spans: Line
  columns: number
  selected?: boolean
}): ReactNode {
  const { palette, unicode } = useLook()
  const spoken = useIsScreenReaderEnabled()
  if (spoken) return <Text>{(selected ? 'Selected: ' : '') + said(spans)}</Text>
  const plain = unicode ? spans : spans.map((one) => ({ ...one, text: ascii(one.text) }))
  const fitting = cut(plain, columns, unicode ? '…' : '~')
  const filled = selected ? [...fitting, gap(columns - lineWidth(fitting))] : fitting
  const back = selected ? palette.selection : {}
  // On an inverted row a colour would become the background of its word.
  const style = (token: Token | undefined) => (back.inverse ? {} : token ? palette[token] : {})
  return (
    <Text wrap="truncate-end">
      {filled.length === 0 ? ' ' : null}
      {filled.map(({ text, token, bold }, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- spans have no identity but their place
        <Text key={i} {...back} {...style(token)} {...(bold ? { bold: true } : {})}>
          {text}
        </Text>
      ))}
    </Text>
  )
}

/** Rows one below the other. */
export function Rows({ lines, columns }: { lines: readonly Line[]; columns: number }): ReactNode {
  // oxlint-disable-next-line react/no-array-index-key -- a line is its place on the screen
  return lines.map((spans, i) => <Row key={i} spans={spans} columns={columns} />)
}
