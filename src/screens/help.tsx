import { keyNames } from '../components/keys.ts'
import { blank, cell, gap, paragraph, span, wrap, type Line } from '../components/line.ts'
import { inset } from '../components/text.ts'
import { everywhere, motionKeys, typingKeys } from './keys.ts'
import type { At, Key, Screen } from './screen.ts'
import { TextView } from './text-view.tsx'

export interface KeyTable {
  readonly title: string
  readonly about: string
  readonly keys: readonly Key[]
}

/** Every key of the program, by where it works: the help screen and docs/keys.md are printed from this. */
export function keyTables(screens: readonly Screen[]): readonly KeyTable[] {
  const some = { ...blankScreen, lines: () => [] }
  return [
    { title: 'Everywhere', about: 'On every screen, while no text is typed.', keys: everywhere },
    { title: 'Moving', about: 'In lists the cursor moves; texts scroll.', keys: motionKeys(some) },
    { title: 'Typing', about: 'While text is typed, letters are letters.', keys: typingKeys(some) },
    ...screens.filter(({ keys }) => keys.length > 0).map(({ title, about, keys }) => ({ title, about, keys })),
  ]
}

/** Read aloud there are words in place of the marks. */
const wordsLines = (): Line[] => [
  [span('Words', 'heading')],
  ...[
    'ruled out: it is not there',
    'found, breaks: it is there, and nothing comes through',
    'found, degrades: it is there, and some of it comes through',
    'found, risks: it is there, and all works now',
    'not known: neither healthy nor broken; why follows',
    'looking: an answer is on its way',
  ].map((text): Line => [gap(2), span(text)]),
]

const marksLines = ({ look: { marks } }: At): Line[] => [
  [span('Marks', 'heading')],
  ...(
    [
      [marks.good, 'good', 'ruled out, or it holds'],
      [marks.bad, 'bad', 'found'],
      [marks.unknown, 'unknown', 'not known: neither healthy nor broken'],
      [marks.risk, 'warn', 'a risk: it works now'],
      [marks.now, 'accent', 'being looked at'],
    ] as const
  ).map(([mark, token, text]): Line => [gap(2), span(mark, token), gap(2), span(text)]),
]

function tableLines({ title, about, keys }: KeyTable, columns: number): Line[] {
  const rows = keys.map((key): Line => [gap(2), ...cell(keyNames(key.press), 24, 'accent'), span(key.does)])
  return [...wrap([span(title, 'heading'), span(`  ${about}`, 'faint')], columns), ...rows, blank]
}

function linesOf(at: At, screens: readonly Screen[]): readonly Line[] {
  const width = Math.min(at.columns - 4, 100)
  const below = at.state.stack.at(-2)?.screen
  const here = screens.find(({ id }) => id === below)
  const own = here && here.keys.length > 0 ? tableLines({ ...here, title: `Here: ${here.title}` }, width) : []
  const who =
    'Who says so: measured (a reply shows it), simulated (it follows from the rules of the kernel), told (you said it), assumed (nobody knows yet).'
  return [
    blank,
    ...inset([
      ...own,
      ...(at.look.spoken ? wordsLines() : marksLines(at)),
      blank,
      ...paragraph(who, width, 0, 'faint'),
      blank,
      ...keyTables(screens).flatMap((table) => tableLines(table, width)),
    ]),
  ]
}

const blankScreen: Screen = { id: 'help', title: 'Help', about: 'Every key, every mark.', keys: [], View: () => null }

/** The help knows all other screens, so that none has to know it. */
export function helpOf(screens: readonly Screen[]): Screen {
  const lines = (at: At) => linesOf(at, screens)
  return { ...blankScreen, lines, View: ({ at }) => <TextView at={at} lines={lines(at)} /> }
}
