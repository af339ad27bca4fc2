import { clean } from '../ask/clean.ts'
import type { Fault } from '../knowledge/fault.ts'
import type { Question } from '../knowledge/tree/question.ts'

/** What the text needs of the knowledge: titles, reasons and questions by id. */
export interface Library {
  readonly fault: (id: string) => Fault | undefined
  readonly question: (id: string) => Question | undefined
}
/** How it looks: width in columns, colour by a function of token and text. Marks are Unicode; who prints them knows the terminal. */
export interface Style {
  readonly width: number
  readonly paint: (
    token: 'heading' | 'good' | 'bad' | 'warn' | 'unknown' | 'faint' | 'added' | 'removed',
    text: string,
  ) => string
}
export const plainStyle: Style = { width: 100, paint: (_, text) => text }

/** Words wrapped to the width, with a hanging indent. */
export function wrap(body: string, indent: number, { width }: Style): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of clean(body).split(/\s+/)) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(' '.repeat(indent) + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, ' '.repeat(indent) + line]
}
