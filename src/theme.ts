/** What a piece of text means. Screens name meanings; only this file knows colours. */
export type Token =
  | 'text'
  | 'faint'
  | 'heading'
  | 'accent'
  | 'good'
  | 'bad'
  | 'warn'
  | 'unknown'
  | 'added'
  | 'removed'
  | 'selection'
  | 'border'

export interface Style {
  readonly color?: string
  readonly backgroundColor?: string
  readonly bold?: boolean
  readonly dimColor?: boolean
  readonly inverse?: boolean
}
export type Palette = Readonly<Record<Token, Style>>

export interface Marks {
  readonly good: string
  readonly bad: string
  readonly unknown: string
  readonly now: string
  readonly risk: string
  readonly cursor: string
  readonly line: string
  readonly bar: string
  /** A drawing of places one below the other. */
  readonly top: string
  readonly rail: string
  readonly bottom: string
  readonly link: string
  readonly change: string
  readonly down: string
  readonly up: string
  readonly live: string
  readonly case: string
  readonly none: string
  readonly follows: string
  readonly spinner: readonly string[]
}

export interface Look {
  readonly palette: Palette
  readonly marks: Marks
  readonly unicode: boolean
  /** Read aloud: one column, nothing cut. */
  readonly spoken: boolean
}

const dark: Palette = {
  text: {},
  faint: { color: '#8b949e' },
  heading: { bold: true },
  accent: { color: '#6cb6ff' },
  good: { color: '#6bc46d' },
  bad: { color: '#f47067' },
  warn: { color: '#daaa3f' },
  unknown: { color: '#b392f0' },
  added: { color: '#6bc46d' },
  removed: { color: '#f47067' },
  selection: { backgroundColor: '#2b3440', color: '#e6edf3' },
  border: { color: '#444c56' },
}

const light: Palette = {
  text: {},
  faint: { color: '#59636e' },
  heading: { bold: true },
  accent: { color: '#0550ae' },
  good: { color: '#116329' },
  bad: { color: '#b3202c' },
  warn: { color: '#7d4e00' },
  unknown: { color: '#6639ba' },
  added: { color: '#116329' },
  removed: { color: '#b3202c' },
  selection: { backgroundColor: '#dce9f7', color: '#1f2328' },
  border: { color: '#afb8c1' },
}

/** The terminal's own sixteen colours: where no more are there, the user's palette knows best. */
const sixteen: Palette = {
  text: {},
  faint: { dimColor: true },
  heading: { bold: true },
  accent: { color: 'cyan' },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  unknown: { color: 'magenta' },
  added: { color: 'green' },
  removed: { color: 'red' },
  selection: { inverse: true },
  border: { dimColor: true },
}

const sixteenLight: Palette = { ...sixteen, accent: { color: 'blue' }, warn: { color: 'magenta' } }

/** Without colour, weight alone: words and marks already say everything. */
const none: Palette = {
  text: {},
  faint: {},
  heading: { bold: true },
  accent: { bold: true },
  good: {},
  bad: { bold: true },
  warn: { bold: true },
  unknown: {},
  added: {},
  removed: {},
  selection: { inverse: true },
  border: {},
}

const unicodeMarks: Marks = {
  good: '✓',
  bad: '✗',
  unknown: '?',
  now: '▸',
  risk: '!',
  cursor: '▌',
  line: '─',
  bar: '│',
  top: '╭',
  rail: '│',
  bottom: '╰',
  link: '┆',
  change: '◆',
  down: '┬',
  up: '┴',
  live: '●',
  case: '○',
  none: '◌',
  follows: '↳',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
}

/** One sign, one meaning: plus and minus are left to diffs. */
const asciiMarks: Marks = {
  good: 'v',
  bad: 'x',
  unknown: '?',
  now: '=',
  risk: '!',
  cursor: '>',
  line: '-',
  bar: '|',
  top: ',',
  rail: '|',
  bottom: '`',
  link: ':',
  change: '*',
  down: '.',
  up: "'",
  live: '@',
  case: 'o',
  none: '_',
  follows: '->',
  spinner: ['|', '/', '-', '\\'],
}

/** Read aloud, a mark is noise: the words beside it say the same. */
const silentMarks: Marks = {
  ...asciiMarks,
  good: '',
  bad: '',
  unknown: '',
  now: '',
  risk: '',
  cursor: '',
  top: '',
  rail: '',
  bottom: '',
  link: '',
  change: '',
  live: 'cluster',
  case: '',
  none: '',
  follows: 'so',
}

export interface Terminal {
  /** Bits of colour: 1, 4, 8 or 24. */
  readonly depth: number
  readonly light: boolean
  readonly colour: boolean
  readonly unicode: boolean
  readonly spoken?: boolean
}

export function lookOf({ depth, light: bright, colour, unicode, spoken = false }: Terminal): Look {
  const rich = bright ? light : dark
  const plain = bright ? sixteenLight : sixteen
  const palette = !colour || depth < 4 ? none : depth >= 8 ? rich : plain
  return { palette, marks: spoken ? silentMarks : unicode ? unicodeMarks : asciiMarks, unicode, spoken }
}

/** Whether what is shown is read aloud, as the environment says. */
export const isSpoken = (env: Readonly<Record<string, string | undefined>>): boolean =>
  ['true', '1'].includes(env['INK_SCREEN_READER'] ?? '')

/** Whether the terminal shows more than ASCII; the console of a Linux machine has few signs. */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'C.UTF-8'
  return /utf-?8/i.test(locale) && env['TERM'] !== 'linux'
}

/** What the environment says of the terminal; `COLORFGBG` ends in the background's number where it is set. */
export function terminalOf(env: Readonly<Record<string, string | undefined>>, depth: number): Terminal {
  const background = Number(env['COLORFGBG']?.split(';').at(-1) ?? '0')
  const wanted = env['NETDOCTOR_THEME']
  return {
    depth,
    light: wanted === undefined ? background === 7 || background >= 9 : wanted === 'light',
    colour: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    unicode: showsUnicode(env),
  }
}
