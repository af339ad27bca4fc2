/** One word for a POSIX shell. ssh joins its arguments into one line for the remote shell: every word goes through here. */
export function quote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** A command line whose words arrive as they are. A NUL cannot be in a word: it is refused by an exception of ours. */
export function quoteAll(words: readonly string[]): string {
  if (words.some((word) => word.includes('\0'))) throw new RangeError('a NUL in a command word')
  return words.map(quote).join(' ')
}
