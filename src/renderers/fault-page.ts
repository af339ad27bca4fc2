import type { Fault } from '../knowledge/fault.ts'
import { shownOf } from '../knowledge/shown.ts'
import { placesOf, placeWords } from '../knowledge/tree/places.ts'
import { versionsText } from '../knowledge/version.ts'
import { wrap, type Style } from './style.ts'
import { fixSteps } from './fix-steps.ts'

/** One fault as text: what is wrong, why that breaks networking, how to tell, how to fix it, how it sounds. */
export function faultPage(fault: Fault, style: Style): string {
  const { paint } = style
  const part = (title: string, body: string) => [paint('heading', title), ...wrap(body, 2, style), '']
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint('heading', title), ...lines.map((line) => `  ${line}`), '']
  const shown = shownOf(fault)
  const fix = shown ? [...wrap(`For example: ${shown.example}.`, 2, style), ...fixSteps(shown.fix, style)] : []
  const places = placesOf(fault.id).flatMap((place) => wrap(placeWords(place), 2, style))
  return [
    `${paint('heading', fault.title)}   ${fault.id} · ${fault.severity} · ${fault.layer}`,
    ...(fault.aliases === undefined ? [] : [`  also known as ${fault.aliases.join(', ')}`]),
    `  Versions: ${fault.versions === undefined ? 'any Nomad' : versionsText(fault.versions)}`,
    '',
    ...part('Why it breaks', fault.because),
    ...(fault.intended === undefined ? [] : part('When it may be meant so', `All is well ${fault.intended}.`)),
    ...part('How to tell by hand', fault.byHand),
    ...(fix.length === 0 ? [] : [paint('heading', 'How to fix it'), ...fix, '']),
    ...list('What it sounds like', fault.heard),
    ...list('Its consequences', fault.explains),
    ...(places.length === 0 ? [] : [paint('heading', 'Its place in the guidance'), ...places, '']),
    ...list('Read more', fault.references),
  ].join('\n')
}

/** A fault in a list: the pasted text that fitted, and a line above the first of its kind. */
export interface FaultRow {
  readonly fault: Fault
  readonly heard?: string
  readonly above?: string
}

/** A list of faults, a line each; the pasted text that fitted under it. */
export function faultRows(rows: readonly FaultRow[], style: Style): string {
  const width = Math.max(...rows.map(({ fault }) => fault.id.length))
  const lines = rows.flatMap(({ fault, heard, above }) => [
    ...(above === undefined ? [] : [style.paint('faint', above)]),
    `${style.paint('heading', fault.id.padEnd(width))}  ${fault.title}`,
    ...(heard === undefined
      ? []
      : [`${' '.repeat(width)}  ${style.paint('faint', `"${heard.length > 90 ? `${heard.slice(0, 89)}…` : heard}"`)}`]),
  ])
  return `${lines.join('\n')}\n`
}
