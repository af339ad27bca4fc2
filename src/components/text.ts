import { cleanLine } from '../ask/clean.ts'
import { quote } from '../ask/words.ts'
import { blank, cell, gap, lineWidth, span, type Line } from './line.ts'
import type { Token } from '../theme.ts'
import { take, widthOf } from './width.ts'

/** The building blocks of long texts. */

const labelWidth = 15

/** A label on the left, shorter than its column; what it says on the right; below 76 columns the label stands on its own line. */
export function section(label: string, body: readonly Line[], columns: number): Line[] {
  if (body.length === 0) return []
  if (columns < 76) return [[span(label, 'faint')], ...body.map((one) => [gap(2), ...one]), blank]
  return [...body.map((one, i) => [...cell(i === 0 ? label : '', labelWidth, 'faint'), ...one]), blank]
}
/** How wide what a section says may be. */
export const sectionWidth = (columns: number): number => (columns < 76 ? columns - 2 : columns - labelWidth)

export const heading = (text: string): Line => [span(text, 'heading')]

/** A margin on the left of everything. */
export const inset = (lines: readonly Line[], columns = 2): Line[] =>
  lines.map((one) => (one.length === 0 ? one : [gap(columns), ...one]))

/** What stands before the rest of a line that was broken. */
const onward = '↳ '

/** Exact text on as many lines as it needs: nothing is left out, and a mark says where a line goes on. */
export function folded(text: string, columns: number, token?: Token): Line[] {
  const lines: Line[] = []
  let rest = cleanLine(text)
  for (;;) {
    const mark = lines.length === 0 ? [] : [span(onward, 'accent')]
    const room = Math.max(2, columns - lineWidth(mark))
    if (widthOf(rest) <= room) return [...lines, [...mark, span(rest, token)]]
    const part = take(rest, room)
    const gapAt = part.lastIndexOf(' ') + 1
    const end = gapAt > part.length / 2 ? gapAt : part.length
    lines.push([...mark, span(rest.slice(0, end), token)])
    rest = rest.slice(end)
  }
}

/** A command as it can be pasted: a long one goes on in the next line, between two arguments. */
export function commandLines(argv: readonly string[], columns: number): Line[] {
  const rows: string[] = []
  for (const word of argv.map(quote)) {
    const last = rows.at(-1)
    // Room for the blank and backslash with which the line goes on.
    if (last === undefined || widthOf(`$ ${last} ${word}`) + 2 > columns)
      rows.push(rows.length === 0 ? word : `  ${word}`)
    else rows[rows.length - 1] = `${last} ${word}`
  }
  return rows.flatMap((row, i) =>
    folded(i === rows.length - 1 ? row : `${row} \\`, columns - 2, 'accent').map((one): Line => [
      span(i === 0 && one[0]?.text !== onward ? '$ ' : '  ', 'faint'),
      ...one,
    ]),
  )
}

const diffToken = (one: string): Token =>
  one.startsWith('+') ? 'added' : one.startsWith('-') ? 'removed' : one.startsWith('@') ? 'accent' : 'faint'

/** The lines of a change, whole: a long one is broken, and its mark stands where no diff has one. */
export function diffLines(diff: string, columns: number): Line[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .slice(diff.startsWith('--- ') ? 2 : 0)
    .flatMap((one) => folded(one.replaceAll('\t', '    '), columns, diffToken(one)))
}
