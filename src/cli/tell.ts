import { ascii } from '../components/ascii.ts'
import { say } from '../out.ts'
import { showsUnicode } from '../theme.ts'
import type { Values } from './flags.ts'

/** A text in what the reader's terminal shows: ASCII alone with --plain, or where the locale is not UTF-8. */
export const shownAs = (text: string, values: Values): string =>
  values['plain'] !== true && showsUnicode(process.env) ? text : ascii(text)

/** Says a text to a person. Data and diffs are for programs: they are said as they are. */
export const tell = (text: string, values: Values, name?: 'stderr'): void => say(shownAs(text, values), name)
