import { command } from '../ask/words.ts'
import { prompt } from '../components/frame.tsx'
import { blank, gap, line, lineText, paragraph, span, wrap, type Line } from '../components/line.ts'
import { commandLines, inset } from '../components/text.ts'
import type { WhatIf } from '../knowledge/shapes/walk.ts'
import { pictureOf } from '../run/selectors.ts'
import { modelled, suppose, SupposeError, supposeNeeds, supposePlaces } from '../run/suppose.ts'
import type { Token } from '../theme.ts'
import { arrivesText, supposedLines, type Supposed, type SupposedLine } from '../way/supposed.ts'
import type { At, Key, Screen } from './screen.ts'
import { TextView } from './text-view.tsx'

let kept: { readonly of: readonly unknown[]; readonly made: Supposed | SupposeError } | undefined
/** The view and the keys ask for the same outcome many times. */
function tried(at: At): Supposed | SupposeError | undefined {
  const picture = pictureOf(at.state)
  const { query, filter } = at.frame
  if (!picture || filter === '' || filter !== query) return undefined
  if (kept?.of[0] !== picture || kept.of[1] !== filter)
    kept = { of: [picture, filter], made: suppose(picture.world, picture.scope, filter) }
  return kept.made
}

function hintLines({ state }: At, columns: number): readonly Line[] {
  const picture = pictureOf(state)
  const places = picture ? supposePlaces(picture.world, picture.scope) : []
  const named = places.map(({ typed, place }) =>
    [typed, `client ${typed}`].includes(place) ? typed : `${typed} (${place.replace(`${typed} `, '')})`,
  )
  const example = `${places[0]?.typed ?? 'c1'}: iptables -P FORWARD ACCEPT`
  return [
    ...paragraph('The packet is followed again on a copy of what was read. Nothing is run.', columns, 0, 'faint'),
    blank,
    ...wrap([span('Write  ', 'faint'), span('PLACE: COMMAND'), span(`   for example ${example}`, 'faint')], columns, 7),
    ...wrap([span('Places ', 'faint'), span(named.join(', '))], columns, 7),
    blank,
    ...modelled.flatMap((one) => wrap([span(one, 'faint')], columns, 2)),
  ]
}

const errorLines = ({ message, offers }: SupposeError, columns: number): readonly Line[] => [
  ...`It cannot be tried: ${message}`.split('\n').flatMap((one) => wrap([span(one, 'warn')], columns, 4)),
  ...(offers.length === 0 ? [] : wrap([span('Places: ', 'faint'), span(offers.join(', '))], columns, 2)),
]

/** The first line says what was asked for: whether the packet arrives. */
function headOf(made: WhatIf & { tried: true }, { look: { marks } }: At): Line {
  const says = arrivesText(made)
  if (made.arrives === 'unknown') return [span(`${marks.unknown} ${says}`, 'unknown', true)]
  if (made.arrives === 'no') return [span(`${marks.bad} ${says}`, 'bad', true)]
  return made.worse.length > 0
    ? [span(`${marks.risk} ${says}`, 'warn', true)]
    : [span(`${marks.good} ${says}`, 'good', true)]
}

const tokens: Readonly<Record<SupposedLine['kind'], Token>> = { own: 'text', worse: 'bad', each: 'text', rest: 'faint' }

function madeLines(supposed: Supposed, at: At, columns: number): readonly Line[] {
  return [
    ...supposed.commands.flatMap(({ argv, on }) => [
      line(on === '' ? 'Tried' : `Tried on ${on}`, 'faint'),
      ...commandLines(argv, columns),
    ]),
    blank,
    ...outcomeLines(supposed, at, columns),
  ]
}

function outcomeLines(supposed: Supposed, at: At, columns: number): readonly Line[] {
  const { made } = supposed
  return [
    ...(made.tried ? [headOf(made, at)] : []),
    ...supposedLines(supposed).flatMap(({ kind, says }) => {
      const indent = kind === 'each' ? 4 : 2
      return wrap([gap(indent), span(says, made.tried ? tokens[kind] : 'unknown')], columns, indent + 2)
    }),
  ]
}

function lines(at: At): readonly Line[] {
  const { state, frame, columns } = at
  const width = Math.min(columns - 4, 116)
  const made = tried(at)
  const reading =
    state.phase === 'idle' ? [] : [line('Still reading what else runs on these clients.', 'accent'), blank]
  const body =
    made === undefined
      ? hintLines(at, width)
      : made instanceof SupposeError
        ? errorLines(made, width)
        : madeLines(made, at, width)
  return [
    blank,
    ...inset([
      ...wrap(prompt('What if:', frame.query, frame.typing, 'a rule or a setting'), width, 9),
      blank,
      ...reading,
      ...body,
    ]),
  ]
}

/** Text that cannot be tried stays open, with the reason below it. */
function enter(at: At): void {
  const { query } = at.frame
  const asked = { ...at, frame: { ...at.frame, filter: query } }
  const made = tried(asked)
  at.act.patch({ filter: query, typing: made === undefined || made instanceof SupposeError, scroll: 0 })
  if (made !== undefined && !(made instanceof SupposeError)) void at.act.alsoRead(supposeNeeds)
}

/** Opens it from the way of the packet. */
export const whatIfKey = (unless: (at: At) => string | undefined): Key => ({
  press: ['t'],
  does: 'what if',
  run: ({ act }) => act.open('what-if', '', { typing: true }),
  unless,
})

const nothing = (at: At): string | undefined => {
  const made = tried(at)
  return made && !(made instanceof SupposeError) ? undefined : 'nothing was tried yet'
}

function textOf(at: At): string {
  const made = tried(at)
  if (!made || made instanceof SupposeError) return ''
  const head = made.commands.map(({ on, argv }) => `# tried on a copy of ${on}: ${command(argv)}`)
  return [...head, ...outcomeLines(made, at, 100).map(lineText)].join('\n')
}

export const whatIf: Screen = {
  id: 'what-if',
  title: 'What if',
  about:
    'A rule or a setting tried on a copy of what was read: whether the packet arrives with it, and what else would break. Nothing is run.',
  keys: [
    {
      press: ['t', 'enter', '/'],
      does: 'another command',
      run: ({ act }) => act.patch({ typing: true }),
    },
    { press: ['y'], does: 'copy', run: (at) => at.act.copy(textOf(at), 'what was tried'), unless: nothing },
  ],
  typed: enter,
  typedDoes: 'try it',
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}
