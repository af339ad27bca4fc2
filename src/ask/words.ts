/** Why a text is not one command: which character of a shell it holds, or which quote has no end. */
export class WordsError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** Characters by which a shell would do more than start one program. */
const shell = /[;&|<>()$`*?#~\n]/

/**
 * A command as a person types it, as a list of arguments: quotes and backslashes are read, nothing is expanded and no
 * shell is ever asked.
 */
export function wordsOf(text: string): readonly string[] | WordsError {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const one = text[at] ?? ''
    const next = text[at + 1] ?? ''
    if (quote === "'") {
      if (one === "'") quote = ''
      else word = `${word ?? ''}${one}`
    } else if (one === '\\' && (quote === '' || /["\\$`]/.test(next))) {
      if (next === '') return new WordsError('it ends in a backslash')
      word = `${word ?? ''}${next}`
      at++
    } else if (quote === '"') {
      if (one === '"') quote = ''
      else if (/[$`]/.test(one)) return new WordsError(`${one} is for a shell; write the value itself`)
      else word = `${word ?? ''}${one}`
    } else if (one === "'" || one === '"') {
      quote = one
      word ??= ''
    } else if (/[ \t]/.test(one)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (shell.test(one))
      return new WordsError(
        `${one === '\n' ? 'a line break' : one} is for a shell; put it in quotes, or give one command`,
      )
    else word = `${word ?? ''}${one}`
  }
  if (quote !== '') return new WordsError(`the quote ${quote} has no end`)
  if (word !== undefined) words.push(word)
  return words.length === 0 ? new WordsError('it is empty') : words
}

/** One argument for a POSIX shell. */
export const quote = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`

/** A list of arguments as one line; `wordsOf` reads the same list from it. */
export const command = (argv: readonly string[]): string => argv.map(quote).join(' ')
