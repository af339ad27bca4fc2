import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Panes } from '../components/frame.tsx'
import { blank, line, lineText, lineWidth, paragraph, span, wrap, type Line } from '../components/line.ts'
import { List, seenOf, type Item } from '../components/list.tsx'
import { Aside } from '../components/page.tsx'
import { Rows } from '../components/row.tsx'
import { inset } from '../components/text.ts'
import { hopLines } from './path-hop.ts'
import { backFold, headLines, legend, pathRows, type PathRow } from './path-rows.ts'
import { differsFrom, pathsOf, shownNow } from './path-shown.ts'
import { onNow, splitAt, type At, type Key, type Screen } from './screen.ts'
import { verifyKey } from './verify.ts'
import { whatIfKey } from './what-if.tsx'
import { whyWord } from '../knowledge/words.ts'

const widthOf = (at: At): number => (splitAt(at) ?? at.columns) - 1

function rowsOf(at: At): readonly PathRow[] {
  const { at: now, all } = shownNow(at)
  const shown = all[now]
  return shown ? pathRows(shown, at, widthOf(at)) : []
}

const rowNow = (at: At): PathRow | undefined => {
  const on = onNow(path, at)
  return rowsOf(at).find(({ id }) => id === on)
}

function enter(at: At): void {
  const row = rowNow(at)
  if (row?.id === backFold) at.act.fold(backFold)
  else if (row?.step) at.act.open('hop', `${shownNow(at).at} ${row.step.id}`)
}

function turn(at: At, by: number): void {
  const { at: now, all } = shownNow(at)
  at.act.patch({ filter: String((now + by + all.length) % all.length), on: null, scroll: 0, unfolded: [] })
}
const onlyOne = (at: At): string | undefined => (shownNow(at).all.length > 1 ? undefined : 'there is one way only')

/** Opens the way of the packet from other screens. */
export const pathKey: Key = {
  press: ['p'],
  does: 'path',
  run: ({ act }) => act.open('path'),
  unless: ({ state }) =>
    state.aim?.kind === 'path' ? undefined : 'nobody was asked about: choose a source and a target',
}

/** Nothing new can be learnt from a recording. */
const notNow = ({ state }: At): string | undefined =>
  state.place.kind === 'case'
    ? 'a recording answers what was tried then'
    : state.phase === 'idle'
      ? undefined
      : 'still looking'

const nothingFollowed = (at: At): string | undefined =>
  shownNow(at).all.length > 0 ? undefined : 'the packet cannot be followed'

const keys: readonly Key[] = [
  { press: ['enter', 'l', 'right'], does: 'open', run: enter },
  { press: ['m'], does: 'measure', run: ({ act }) => void act.want('path.attempts'), unless: notNow },
  whatIfKey(nothingFollowed),
  { press: ['tab'], does: 'next way', run: (at) => turn(at, 1), unless: onlyOne },
  { press: ['shift-tab'], does: 'previous way', quiet: true, run: (at) => turn(at, -1), unless: onlyOne },
  {
    press: ['w'],
    does: 'watch',
    run: ({ act }) => void act.want('path.capture'),
    unless: (at) => notNow(at) ?? nothingFollowed(at),
  },
  verifyKey('verify'),
  {
    press: ['b'],
    does: 'way back',
    run: ({ act }) => act.fold(backFold),
    unless: (at) => (rowsOf(at).some(({ id }) => id === backFold) ? undefined : 'there is no answer to follow'),
  },
  { press: ['d'], does: 'diagnosis', run: ({ act }) => act.open('diagnosis') },
  {
    press: ['y'],
    does: 'copy',
    quiet: true,
    run: (at) => at.act.copy(textOf(at), 'the way'),
  },
]

function textOf(at: At): string {
  const { at: now, all } = shownNow(at)
  const shown = all[now]
  if (!shown) return ''
  return [
    ...headLines(shown, all.length, now, 100, differsFrom(at.state, shown)),
    legend(shown.path, 100, at),
    ...pathRows(shown, at, 100).map(({ spans }) => spans),
  ]
    .map(lineText)
    .join('\n')
}

/** Why there is nothing to draw. */
function emptyLines(at: At): readonly Line[] {
  const width = at.columns - 4
  if (at.state.phase !== 'idle') return [line('The packet is followed as soon as rules and routes were read.', 'faint')]
  const [first] = pathsOf(at.state)
  if (!first) return [line('There is no path to follow: nobody was asked about.', 'faint')]
  const { unknown } = first
  if (!unknown)
    return paragraph('No address is known that the source would dial, so there is no packet to follow.', width)
  return [
    [span('The packet cannot be followed', 'unknown')],
    ...paragraph(
      `${whyWord(unknown.why)}${unknown.detail === undefined ? '' : `: ${unknown.detail}`}`,
      width,
      0,
      'faint',
    ),
  ]
}

/** The cursor opens a row that is too long. */
const whole = (spans: Line, columns: number): Pick<Item, 'whole'> =>
  lineWidth(spans) > columns ? { whole: () => wrap(spans, columns, 18) } : {}

/** Where the place of the first row that is seen stands further up, its name is shown in that row. */
function placed(items: readonly Item[], drawn: readonly PathRow[], first: number): readonly Item[] {
  const top = drawn[first]
  const place = top?.step && drawn.slice(0, first).findLast(({ id }) => id.startsWith('title '))
  return first === 0 || !top || !place ? items : items.with(first, { id: top.id, spans: place.spans })
}

function View({ at }: { at: At }): ReactNode {
  const { frame, columns, rows } = at
  const { at: now, all } = shownNow(at)
  const shown = all[now]
  if (!shown)
    return (
      <Box flexDirection="column" width={columns}>
        <Rows lines={[blank, ...inset(emptyLines(at))]} columns={columns} />
      </Box>
    )
  const split = splitAt(at)
  const width = split ?? columns
  const above = headLines(shown, all.length, now, width - 4, differsFrom(at.state, shown))
  const head = [blank, ...inset([...above, ...wrap(legend(shown.path, width - 1, at), width - 4, 4)])]
  const height = rows - head.length
  const drawn = rowsOf(at)
  const items = drawn.map(({ id, rest, spans }): Item => ({
    id,
    spans,
    ...(rest ? { rest } : {}),
    ...whole(spans, width - 1),
  }))
  const drawing = (
    <Box flexDirection="column" width={width}>
      <Rows lines={head} columns={width} />
      <List
        items={placed(items, drawn, seenOf(items, onNow(path, at), height, frame.scroll).first)}
        on={onNow(path, at)}
        scroll={frame.scroll}
        columns={width}
        height={height}
      />
    </Box>
  )
  if (split === undefined) return drawing
  const right = columns - split - 1
  const { step, section } = rowNow(at) ?? {}
  const detail = step && section ? hopLines(step, section, shown, right - 4) : []
  return (
    <Panes
      at={split}
      rows={rows}
      left={drawing}
      right={<Aside lines={[blank, ...inset(detail)]} columns={right} height={rows} />}
    />
  )
}

export const path: Screen = {
  id: 'path',
  title: 'Path',
  about:
    'The way of the packet: namespaces, bridges and wires, rules and rewrites, where it ends, and its answer; beside it what was measured.',
  keys,
  stops: rowsOf,
  begin: (at) => rowsOf(at).find(({ step }) => step?.kind === 'end')?.id ?? null,
  split: splitAt,
  View,
}
