/** How much of the room goes to the beginning of a text: what decides in a chain of errors stands at its end. */
const beginning = 0.3

/**
 * What others said, on one line of at most so many characters. Of a longer text beginning and end are kept, with … for
 * what is left out between them; words, and so addresses, stay whole, unless a single one is longer than the line.
 */
export function quoted(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  const words = line.split(' ')
  const head = taken(words, most * beginning)
  const tail = taken(words.slice(head.length).toReversed(), most - 3 - head.join(' ').length).toReversed()
  if (tail.length === 0) return `${line.slice(0, most - 1)}…`
  return [...head, '…', ...tail].join(' ')
}

/** The first words that take no more than so many characters together, blanks counted. */
function taken(words: readonly string[], most: number): readonly string[] {
  let used = -1
  const count = words.findIndex((word) => (used += word.length + 1) > most)
  return count === -1 ? words : words.slice(0, count)
}
