/** Texts that a job file carries: configurations, scripts, templates, arguments. What is a comment there is not done. */

export interface Stretch {
  readonly start: number
  readonly end: number
}

/** `#`, `;` and `//` at the start of a line; `#` and `//` behind white space; line ends may be escaped. */
const line = String.raw`(?<=(?:^|\n|\\n)[ \t]{0,200})(?:[#;]|\/\/(?![\w[]))`
const behind = String.raw`(?<=[ \t])(?:#|\/\/)(?=[ \t])`
const first = String.raw`(?<="[ \t]{0,200})#`
const comment = new RegExp(
  [
    String.raw`\{\{-?\s?\/\*[\s\S]{0,9000}?\*\/\s*-?\}\}`,
    String.raw`<!--[\s\S]{0,9000}?-->`,
    String.raw`(?<=(?:^|\n)[ \t]{0,200})\/\*[\s*][\s\S]{0,9000}?\*\/`,
    String.raw`(?:${line}|${behind})(?:(?!\\n)[^\n])*`,
    String.raw`${first}(?:(?!\\n)(?:\\"|[^"\n]))*`,
  ].join('|'),
  'g',
)
/** What a template asks for it asks for in a comment of the file it writes, too; a variable is only written there. */
const action = /\{\{(?!-?\s?\/\*|-?\s*env\s)[\s\S]{0,4000}?\}\}/g

export function commentsOf(text: string): readonly Stretch[] {
  if (!/[#;]|\/[/*]|<!--/.test(text)) return []
  return [...text.matchAll(comment)].flatMap(({ 0: found, index }) => {
    // In a comment of the template itself nothing is asked.
    const kept = found.startsWith('{{') ? [] : [...found.matchAll(action)]
    const starts = [0, ...kept.map((one) => one.index + one[0].length)]
    const ends = [...kept.map((one) => one.index), found.length]
    return starts.map((start, i) => ({ start: index + start, end: index + (ends[i] ?? 0) }))
  })
}

/** The text with white space in the place of its comments: what stands in it stands where it stood. */
export function uncommented(text: string): string {
  let done = ''
  for (const { start, end } of commentsOf(text))
    done += text.slice(done.length, start) + text.slice(start, end).replace(/[^\n]/g, ' ')
  return done + text.slice(done.length)
}

/**
 * Where a piece begins in a text: not in a comment, not in a longer word, and right behind another piece if one is given.
 * White space in that one stands for what is between two arguments, however the list is written: `"--bind", "10.0.0.1"`.
 */
export function placesOf(text: string, piece: string, behind = ''): readonly number[] {
  if (piece === '') return []
  const whole = behind + piece
  const start = /^[\w.-]/.test(whole) ? String.raw`(?:(?<![\w.-])|(?<=\\[nrt]))` : ''
  const end = /[\w-]$/.test(piece) ? String.raw`(?![\w-])` : ''
  const lead = behind
    .split(/\s+/)
    .map(escaped)
    .join(String.raw`["',\s]+`)
  const comments = commentsOf(text)
  return [...text.matchAll(new RegExp(`${start}${lead}(?=${escaped(piece)}${end})`, 'g'))]
    .map(({ 0: found, index }) => index + found.length)
    .filter((at) => !comments.some(({ start: from, end: to }) => from <= at && at < to))
}
const escaped = (text: string): string => text.replace(/[^\w\s-]/g, String.raw`\$&`)
