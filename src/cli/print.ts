import { faultById } from '../knowledge/faults/index.ts'
import type { Report } from '../knowledge/report.ts'
import type { Subject } from '../knowledge/subject.ts'
import { questions } from '../knowledge/tree/index.ts'
import { say, terminal } from '../out.ts'
import { json, type Frame } from '../renderers/json.ts'
import { spellSide } from '../run/names.ts'
import { plainStyle, type Library, type Style } from '../renderers/style.ts'
import { text } from '../renderers/text.ts'
import { styleText } from 'node:util'
import { textOf, UsageError, type Values } from './flags.ts'
import type { Opened } from './open.ts'
import { tell } from './tell.ts'

export const library: Library = {
  fault: (id) => faultById.get(id),
  question: (id) => questions.find((question) => question.id === id),
}

const formats = ['text', 'json'] as const
export type Format = (typeof formats)[number]

export function formatOf(values: Values): Format | UsageError {
  const asked = textOf(values, 'format') ?? 'text'
  return (
    formats.find((format) => format === asked) ?? new UsageError(`--format ${asked}: there is no such format`, formats)
  )
}

/** Prints a report in the format asked for. The text is the same everywhere; only colour and marks depend on the terminal. */
export function print(report: Report, frame: Frame, format: Format, values: Values): void {
  if (format === 'json') say(json(report, frame))
  else tell(text(report, frame, library, styleOf(values)), values)
}

/** What a report about a path stands in. */
export const frameOf = (
  { kind, where, title }: Pick<Opened, 'kind' | 'where' | 'title'>,
  { from, to, port, symptom, dials }: Subject,
): Frame => ({
  source: { kind, where },
  subject: {
    from: spellSide(from),
    to: spellSide(to),
    port,
    symptom,
    ...(dials === undefined ? {} : { dials }),
  },
  ...(title === undefined ? {} : { title }),
})

const colours = {
  heading: 'bold',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  unknown: 'cyan',
  faint: 'dim',
  added: 'green',
  removed: 'red',
} as const

/** How text looks here: no colour outside a terminal, with NO_COLOR or --plain. */
export function styleOf(values: Values): Style {
  const { NO_COLOR, TERM } = process.env
  const plain = values['plain'] === true
  const screen = terminal()
  const colour =
    screen !== undefined && !plain && values['no-color'] !== true && (NO_COLOR ?? '') === '' && TERM !== 'dumb'
  return {
    width: Math.max(60, Math.min(screen?.columns ?? plainStyle.width, 120)),
    paint: colour ? (token, body) => styleText(colours[token], body, { validateStream: false }) : (_, body) => body,
  }
}
