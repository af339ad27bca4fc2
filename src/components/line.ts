import { clean, cleanLine } from '../ask/clean.ts'
import type { Token } from '../theme.ts'
import { take, takeEnd, widthOf } from './width.ts'

/** Text with a meaning. A line is what one row of the terminal holds. */
export interface Span {
  readonly text: string
  readonly token?: Token
  readonly bold?: boolean
}
export type Line = readonly Span[]

/** Whatever comes from outside is cleaned here, on its way to the screen. */
export const span = (text: string, token?: Token, bold?: boolean): Span => ({
  text: cleanLine(text),
  ...(token === undefined ? {} : { token }),
  ...(bold === undefined ? {} : { bold }),
})
export const line = (text: string, token?: Token): Line => [span(text, token)]
export const blank: Line = []
export const gap = (columns: number): Span => ({ text: ' '.repeat(Math.max(0, columns)) })

export const lineWidth = (spans: Line): number => spans.reduce((sum, { text }) => sum + widthOf(text), 0)
export const lineText = (spans: Line): string => spans.map(({ text }) => text).join('')

/** Cut to the width, with an ellipsis where something is missing. */
export function cut(spans: Line, columns: number, ellipsis = '…'): Line {
  if (lineWidth(spans) <= columns) return spans
  const kept: Span[] = []
  let left = columns - widthOf(ellipsis)
  for (const one of spans) {
    const text = take(one.text, left)
    if (text !== '') kept.push({ ...one, text })
    left -= widthOf(text)
    if (text !== one.text) break
  }
  const last = kept.at(-1)
  return columns <= 0 ? [] : [...kept, { ...last, text: ellipsis }]
}

/** A name that does not fit keeps its beginning and its end: what tells it from others may be either. */
export function middle(text: string, columns: number, token?: Token): Span {
  const whole = cleanLine(text)
  if (widthOf(whole) <= columns) return span(whole, token)
  const head = take(whole, Math.ceil((columns - 1) / 2))
  return span(`${head}…${takeEnd(whole, columns - 1 - widthOf(head))}`, token)
}

/** Pieces side by side, closer together where that saves a line; none of them is broken. */
export function abreast(pieces: readonly Line[], columns: number, between = 3): Line[] {
  const lines: Line[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last && lineWidth(last) + between + lineWidth(piece) <= columns)
      lines[lines.length - 1] = [...last, gap(between), ...piece]
    else lines.push(piece)
  }
  return lines.length > 1 && between > 2 ? abreast(pieces, columns, between - 1) : lines
}

/** Cut or filled to exactly the width: a cell of a table. */
export function cell(content: string | Line, columns: number, token?: Token): Line {
  const spans = typeof content === 'string' ? line(content, token) : content
  const fitting = cut(spans, columns)
  return [...fitting, gap(columns - lineWidth(fitting))]
}

/** Words wrapped to the width; lines after the first are indented by `hang`. A word longer than a line is broken. */
export function wrap(spans: Line, columns: number, hang = 0): Line[] {
  const lines: Span[][] = [[]]
  const room = Math.max(1, columns - hang)
  let used = 0
  const start = () => {
    lines.push(hang > 0 ? [gap(hang)] : [])
    used = hang
  }
  const put = (one: Span, text: string) => {
    lines.at(-1)?.push({ ...one, text })
    used += widthOf(text)
  }
  for (const one of spans) {
    for (const word of one.text.match(/\s+|\S+/g) ?? []) {
      if (used + widthOf(word) <= columns) put(one, word)
      else if (/^\s/.test(word)) used = columns
      else {
        if (used > hang) start()
        let rest = word
        while (widthOf(rest) > room) {
          const part = take(rest, room)
          put(one, part)
          rest = rest.slice(part.length)
          start()
        }
        put(one, rest)
      }
    }
  }
  return lines.map(trimmed)
}

/** A line that was broken at a blank does not end in it. */
function trimmed(spans: readonly Span[]): Line {
  const last = spans.findLastIndex(({ text }) => text.trim() !== '')
  return spans.slice(0, last + 1)
}

/** A paragraph from outside or from the knowledge: lines kept, words wrapped, indented. */
export function paragraph(text: string, columns: number, indent = 0, token?: Token): Line[] {
  return clean(text)
    .split('\n')
    .flatMap((one) =>
      wrap([span(one, token)], columns - indent).map((wrapped) => (indent > 0 ? [gap(indent), ...wrapped] : wrapped)),
    )
}
