import { command } from '../ask/words.ts'
import { blank, cell, gap, span, wrap, type Line } from './line.ts'
import type { Token } from '../theme.ts'

/** The building blocks of long texts. */

const labelWidth = 15

/** A label on the left, what it says on the right; below 76 columns the label stands on its own line. */
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

/** A command never wraps in the middle of a word; what follows is indented. */
export const commandLines = (argv: readonly string[], columns: number): Line[] =>
  wrap([span('$ ', 'faint'), span(command(argv), 'accent')], columns, 4)

const diffToken = (one: string): Token =>
  one.startsWith('+') ? 'added' : one.startsWith('-') ? 'removed' : one.startsWith('@') ? 'accent' : 'faint'

export function diffLines(diff: string): Line[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .slice(diff.startsWith('--- ') ? 2 : 0)
    .map((one): Line => [span(one.replaceAll('\t', '    '), diffToken(one))])
}
