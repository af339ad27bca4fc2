import { command } from '../ask/words.ts'

/**
 * A command line whose words arrive as they are: ssh joins its arguments into one line for the remote shell. A NUL cannot
 * be in a word: it is refused by an exception of ours.
 */
export function quoteAll(words: readonly string[]): string {
  if (words.some((word) => word.includes('\0'))) throw new RangeError('a NUL in a command word')
  return command(words)
}
