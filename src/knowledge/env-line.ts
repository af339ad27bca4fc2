/** One line of a file of variables as Nomad's client reads it. Source: github.com/hashicorp/go-envparse, `parseLine`. */

/** Stands for what an action of a template gives, which nobody knows. */
export const hole = '\u0000'

/** Why what stands before the equals sign is no name, whatever its holes give. */
export function wrongKey(text: string): string | undefined {
  const key = text.trim().replace(/^export\s+/, '')
  const known = key.replaceAll(hole, '').trim()
  // A hole in front may make a comment of the line.
  if (known.startsWith('#')) return undefined
  if (key === '') return 'empty key'
  const [first = ''] = key
  if (first !== hole && !/[A-Za-z_]/.test(first)) return `key must start with [A-Za-z_] but found '${first}'`
  const bad = /[^A-Za-z0-9/_.]/.exec(key.replaceAll(hole, ''))?.[0]
  return bad === undefined ? undefined : `key characters must be [A-Za-z0-9/_.] but found '${bad}'`
}

const escapes = /^["\\/bfnrtu]$/

/** Why a value cannot be read, as far as it is written out: a hole may hold a quote, and what is behind it is not known. */
export function wrongValue(text: string): string | undefined {
  let quote = ''
  let escaped = false
  for (const char of text.trim()) {
    if (char === hole) return undefined
    if (char < ' ') return `0x${char.charCodeAt(0).toString(16).padStart(2, '0')} is an invalid value character`
    if (escaped && !escapes.test(char))
      return char > '\u007F'
        ? 'multibyte characters disallowed in escape sequences'
        : `invalid escape sequence: "${char}"`
    if (escaped) escaped = false
    else if (quote === '"' && char === '\\') escaped = true
    else if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '#') return undefined
    else if (char === '"' || char === "'") quote = char
  }
  if (escaped) return 'incomplete escape sequence'
  return quote === '' ? undefined : `unmatched ${quote}`
}
