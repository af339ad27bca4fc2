/** Each takes one column like what it stands for, so that nothing moves. */
const plainer: readonly (readonly [RegExp, string])[] = [
  [/…/g, '~'],
  [/[→⇒▸]/g, '>'],
  [/↳/g, '\\'],
  [/←/g, '<'],
  [/↑/g, '^'],
  [/↓/g, 'v'],
  [/[–—·•]/g, '-'],
  [/▏/g, '_'],
  [/[“”]/g, '"'],
  [/[‘’]/g, "'"],
  [/[×✗]/g, 'x'],
  [/✓/g, 'v'],
  [/◆/g, '*'],
  [/┆/g, ':'],
]

// oxlint-disable no-control-regex -- lines, tabs and colours stay
/** The same text for a terminal that shows ASCII only; a character without a likeness becomes a question mark. */
export function ascii(text: string): string {
  if (/^[\t\n\u001B\u0020-\u007E]*$/.test(text)) return text
  return plainer
    .reduce((plain, [from, to]) => plain.replace(from, to), text)
    .replace(/[^\t\n\u001B\u0020-\u007E]/gu, '?')
}
