import type { Fault } from '../knowledge/fault.ts'
import { versionsText } from '../knowledge/version.ts'
import { wrap, type Style } from './style.ts'

/** One fault as text: what is wrong, why that breaks networking, how to tell, how it sounds. */
export function faultPage(fault: Fault, style: Style): string {
  const { paint } = style
  const part = (title: string, body: string) => [paint('heading', title), ...wrap(body, 2, style), '']
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint('heading', title), ...lines.map((line) => `  ${line}`), '']
  return [
    `${paint('heading', fault.title)}   ${fault.id} · ${fault.severity} · ${fault.layer}`,
    ...(fault.aliases === undefined ? [] : [`  also known as ${fault.aliases.join(', ')}`]),
    ...(fault.versions === undefined ? [] : [`  ${versionsText(fault.versions)}`]),
    '',
    ...part('Why it breaks', fault.because),
    ...(fault.intended === undefined ? [] : part('When it may be meant so', `All is well ${fault.intended}.`)),
    ...part('How to tell by hand', fault.byHand),
    ...list('What it sounds like', fault.heard),
    ...list('Its consequences', fault.explains),
    ...list('Read more', fault.references),
  ].join('\n')
}

/** A list of faults, a line each; the pasted text that fitted under it. */
export function faultRows(rows: readonly { readonly fault: Fault; readonly heard?: string }[], style: Style): string {
  const width = Math.max(...rows.map(({ fault }) => fault.id.length))
  const lines = rows.flatMap(({ fault, heard }) => [
    `${style.paint('heading', fault.id.padEnd(width))}  ${fault.title}`,
    ...(heard === undefined
      ? []
      : [`${' '.repeat(width)}  ${style.paint('faint', `"${heard.length > 90 ? `${heard.slice(0, 89)}…` : heard}"`)}`]),
  ])
  return `${lines.join('\n')}\n`
}
