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
  [/×/g, 'x'],
]

/** The same text for a terminal that shows ASCII only; a character without a likeness becomes a question mark. */
export function ascii(text: string): string {
  if (/^[\u0020-\u007E]*$/.test(text)) return text
  return plainer.reduce((plain, [from, to]) => plain.replace(from, to), text).replace(/[^\u0020-\u007E]/gu, '?')
}
