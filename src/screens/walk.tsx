import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Panes } from '../components/frame.tsx'
import { blank, span, wrap } from '../components/line.ts'
import { List } from '../components/list.tsx'
import { Aside } from '../components/page.tsx'
import { Rows } from '../components/row.tsx'
import { tableItem } from '../components/table.ts'
import { inset } from '../components/text.ts'
import type { Step } from '../knowledge/walked.ts'
import { pictureOf } from '../run/selectors.ts'
import { stepLines } from './blocks.ts'
import { Ending, endingRows } from './ending.tsx'
import { pathKey } from './path.tsx'
import { onNow, splitAt, type At, type Key, type Screen } from './screen.ts'
import { stepId } from './steps.ts'
import { verifyKey } from './verify.ts'
import { cellsOf, foldLines, walkRows, type WalkRow } from './walk-rows.ts'

const rowsOf = ({ state, frame }: At): readonly WalkRow[] => walkRows(state, frame.unfolded)
const rowNow = (at: At): WalkRow | undefined => {
  const on = onNow(walk, at)
  return rowsOf(at).find(({ id }) => id === on)
}

const stepNow = (at: At): string => {
  const row = rowNow(at)
  return row?.kind === 'step' ? stepId(row.step) : ''
}

function enter(at: At): void {
  const row = rowNow(at)
  if (!row) return
  if (row.kind === 'fold') at.act.fold(row.id)
  else if (row.step.kind === 'rung' && row.mood === 'bad') at.act.open('diagnosis', row.step.fault)
  else at.act.open('step', stepId(row.step))
}

/** The question that was answered before the walk began: on Home, or by the case. */
const saidBefore = ({ state }: At): Step | undefined =>
  pictureOf(state)?.walked.steps.find((step) => step.kind === 'question' && step.by === 'told')

function takeBack(at: At): void {
  if (at.state.before.length > 0) return at.act.takeBack()
  const step = saidBefore(at)
  if (!step) return
  at.act.open('answer', stepId(step))
  at.act.notice('This was said before the walk began. Choose another answer, or esc.')
}

const keys: readonly Key[] = [
  { press: ['enter', 'l', 'right'], does: 'open', run: enter },
  { press: ['d'], does: 'diagnosis', run: ({ act }) => act.open('diagnosis') },
  pathKey,
  verifyKey('verify'),
  {
    press: ['a'],
    does: 'answer',
    run: (at) => at.act.open('answer', stepNow(at)),
    unless: (at) => (stepNow(at) !== '' ? undefined : 'this line stands for many steps; enter opens it'),
  },
  {
    press: ['u'],
    does: 'take back',
    run: takeBack,
    quiet: ({ state }) => state.before.length === 0,
    unless: (at) => (at.state.before.length > 0 || saidBefore(at) ? undefined : 'you have not answered anything'),
  },
]

function View({ at }: { at: At }): ReactNode {
  const { state, frame, columns, rows } = at
  const split = splitAt(at)
  const width = split ?? columns
  const story = state.place.story
  const head = story ? [blank, ...inset(wrap([span(story.title, 'heading')], width - 4)), blank] : [blank]
  const items = rowsOf(at).map((row) => tableItem(row.id, () => cellsOf(row, at, width - 1)))
  const outline = (
    <Box flexDirection="column" width={width}>
      <Rows lines={head} columns={width} />
      <List items={items} on={onNow(walk, at)} scroll={frame.scroll} columns={width} height={rows - head.length} />
    </Box>
  )
  if (split === undefined) return outline
  const row = rowNow(at)
  const right = columns - split - 1
  const detail =
    row === undefined ? [] : row.kind === 'step' ? stepLines(row.step, state, at.look, right - 4) : foldLines(row)
  const page = <Aside lines={[blank, ...inset(detail)]} columns={right} height={rows} />
  return <Panes at={split} rows={rows} left={outline} right={page} />
}

export const walk: Screen = {
  id: 'walk',
  title: 'Walk',
  about: 'The decision tree, filling in as answers arrive: each step, its answer, and who says so.',
  keys,
  stops: rowsOf,
  begin(at) {
    const rows = rowsOf(at)
    return (rows.find(({ mood }) => mood === 'bad') ?? rows.find(({ mood }) => mood === 'now') ?? rows[0])?.id ?? null
  },
  split: splitAt,
  Banner: Ending,
  bannerRows: endingRows,
  View,
}
