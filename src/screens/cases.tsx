import { Box } from 'ink'
import { useEffect, type ReactNode } from 'react'
import { Panes, prompt } from '../components/frame.tsx'
import { blank, gap, line, paragraph, span, wrap, type Line } from '../components/line.ts'
import { List } from '../components/list.tsx'
import { Aside } from '../components/page.tsx'
import { Rows } from '../components/row.tsx'
import { tableItem } from '../components/table.ts'
import { inset } from '../components/text.ts'
import { count } from '../knowledge/words.ts'
import type { CaseCard } from '../run/place.ts'
import { onNow, searchKey, splitAt, type At, type Screen } from './screen.ts'

function found({ state, frame }: At): readonly CaseCard[] {
  const all = state.cases ?? []
  if (frame.query === '') return all
  const words = frame.query.toLowerCase().split(/\s+/)
  return all.filter(({ title, what }) => words.every((word) => `${title} ${what}`.toLowerCase().includes(word)))
}

/** Title and complaint only: what a case turns out to be is for the walk to say. */
function View({ at }: { at: At }): ReactNode {
  const { state, frame, columns, rows, act } = at
  useEffect(() => void act.loadCases(), [act])
  const split = splitAt(at)
  const width = split ?? columns
  const list = found(at)
  const on = onNow(cases, at)
  const card = list.find(({ dir }) => dir === on)
  const place = list.findIndex(({ dir }) => dir === on) + 1
  const number = count(list.length, 'recorded case')
  const shown = state.cases === null ? 'reading' : place > 0 ? `${place} of ${number}` : number
  const head: Line[] = [
    [gap(2), ...prompt('/', frame.query, frame.typing, 'search titles and stories'), span(`   ${shown}`, 'faint')],
    blank,
  ]
  const items = list.map(({ dir, title }) =>
    tableItem(dir, () => [
      [1, blank],
      [width - 3, line(title)],
    ]),
  )
  const story = (room: number): Line[] =>
    card ? [...wrap([span(card.title, 'heading')], room), blank, ...paragraph(card.what, room)] : []
  const below = split === undefined ? [blank, ...inset(story(columns - 4).slice(2, 5))] : []
  const left = (
    <Box flexDirection="column" width={width}>
      <Rows lines={head} columns={width} />
      <List
        items={items}
        on={on}
        scroll={frame.scroll}
        columns={width}
        height={rows - 2 - (split === undefined ? 4 : 0)}
      />
      <Rows lines={below} columns={width} />
    </Box>
  )
  if (split === undefined) return left
  const right = columns - split - 1
  return (
    <Panes
      at={split}
      rows={rows}
      left={left}
      right={<Aside lines={[blank, ...inset(story(right - 4))]} columns={right} height={rows} />}
    />
  )
}

const open = (at: At): void => {
  const on = onNow(cases, at)
  if (on !== null) void at.act.openCase(on)
}

export const cases: Screen = {
  id: 'cases',
  title: 'Recorded cases',
  about: 'Real clusters, recorded: some broken, some healthy; nothing of them needs a cluster.',
  keys: [{ press: ['enter', 'l', 'right'], does: 'look into it', run: open }, searchKey],
  stops: (at) => found(at).map(({ dir }) => ({ id: dir })),
  typed: (at) => {
    at.act.patch({ typing: false })
    open(at)
  },
  split: splitAt,
  View,
}
