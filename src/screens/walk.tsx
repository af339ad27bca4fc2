import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Panes } from '../components/frame.tsx'
import { blank, cell, gap, span, wrap, type Line } from '../components/line.ts'
import { List } from '../components/list.tsx'
import { Page } from '../components/page.tsx'
import { Row, Rows } from '../components/row.tsx'
import { Spinner } from '../components/spinner.tsx'
import { inset } from '../components/text.ts'
import { pictureOf } from '../run/selectors.ts'
import { stepLines } from './blocks.ts'
import { onNow, splitAt, type At, type Key, type Screen } from './screen.ts'
import {
  foldText,
  moodMark,
  moodToken,
  stepAnswer,
  stepBy,
  stepTitle,
  titleOf,
  walkRows,
  type WalkRow,
} from './steps.ts'

const rowsOf = ({ state, frame }: At): readonly WalkRow[] => walkRows(state, frame.unfolded)
const rowNow = (at: At): WalkRow | undefined => {
  const on = onNow(walk, at)
  return rowsOf(at).find(({ id }) => id === on)
}

function enter(at: At): void {
  const row = rowNow(at)
  if (!row) return
  if (row.kind === 'fold') at.act.fold(row.id)
  else if (row.step.kind === 'rung' && row.mood === 'bad') at.act.open('diagnosis', row.step.fault)
  else at.act.open('step', row.id)
}

const stillLooking = ({ state }: At): string | undefined => (state.phase === 'idle' ? undefined : 'still looking')

export const walkKeys: readonly Key[] = [
  { press: ['d'], does: 'diagnosis', run: ({ act }) => act.open('diagnosis') },
  {
    press: ['a'],
    does: 'answer it myself',
    run: (at) => at.act.open('answer', rowNow(at)?.id ?? ''),
    unless: (at) => (rowNow(at)?.kind === 'step' ? undefined : 'this line stands for many steps; enter opens it'),
  },
  {
    press: ['u'],
    does: 'take back',
    run: ({ act }) => act.takeBack(),
    unless: ({ state }) => (state.before.length > 0 ? undefined : 'you have not answered anything'),
  },
  { press: ['v'], does: 'verify again', run: ({ act }) => void act.verify(), unless: stillLooking },
]

const answerWidth = 26

function rowSpans(row: WalkRow, at: At, columns: number): Line {
  const mark = span(`${moodMark(row.mood, at.look.marks)} `, moodToken[row.mood])
  if (row.kind === 'fold')
    return [gap(3), mark, span(foldText(row.mood, row.count), 'faint'), span(row.open ? '' : ' …', 'faint')]
  const { step, mood } = row
  const by = stepBy(step, mood)
  const indent = step.kind === 'question' ? 1 : 3
  const title = columns - indent - 2 - answerWidth - 11 - 2
  return [
    gap(indent),
    mark,
    ...cell([span(stepTitle(step), step.kind === 'question' ? 'heading' : 'text')], title),
    gap(1),
    ...cell(stepAnswer(step, mood), answerWidth, mood === 'bad' ? 'bad' : mood === 'unknown' ? 'unknown' : 'faint'),
    gap(1),
    span(by, by === 'assumed' ? 'unknown' : 'faint'),
  ]
}

/** The last line: what is running, or how it ended. */
function Ending({ at, columns }: { at: At; columns: number }): ReactNode {
  const { state, look } = at
  const { running, phase } = state
  if (phase !== 'idle') {
    const [first, ...more] = running
    const text = first
      ? `${first.title} · ${first.about}${more.length > 0 ? ` and ${more.length} more` : ''}`
      : 'thinking'
    const verb = phase === 'verifying' ? 'Verifying: ' : ''
    return (
      <Box width={columns}>
        <Row spans={[gap(2)]} columns={2} />
        <Spinner />
        <Row spans={[gap(1), span(verb + text, 'faint')]} columns={columns - 3} />
      </Box>
    )
  }
  return <Row spans={[gap(2), ...endingSpans(at, look.marks)]} columns={columns} />
}

function endingSpans({ state }: At, marks: At['look']['marks']): Line {
  const picture = pictureOf(state)
  if (!picture) return [span('Nothing was looked at yet.', 'faint')]
  const { report, walked } = picture
  if (report.diagnosis) {
    const { fault, about, instances } = report.diagnosis
    const count = instances.total > 1 ? ` · ${instances.affected} of ${instances.total}` : ''
    return [
      span(`${marks.bad} FOUND  `, 'bad', true),
      span(titleOf(fault), 'heading'),
      span(`  ${about}${count}`, 'faint'),
    ]
  }
  if (walked.open.length > 0)
    return [
      span(`${marks.unknown} UNDETERMINED  `, 'unknown', true),
      span(`nothing wrong was found, but ${walked.open.length} steps are not known`, 'text'),
    ]
  return [span(`${marks.good} Nothing wrong was found on this way.`, 'good')]
}

function View({ at }: { at: At }): ReactNode {
  const { state, frame, columns, rows } = at
  const split = splitAt(at)
  const width = split ?? columns
  const story = state.place.story
  const head = story ? [blank, ...inset(wrap([span(story.title, 'heading')], width - 4)), blank] : [blank]
  const items = rowsOf(at).map((row) => ({ id: row.id, spans: rowSpans(row, at, width - 1) }))
  const outline = (
    <Box flexDirection="column" width={width}>
      <Rows lines={head} columns={width} />
      <List items={items} on={onNow(walk, at)} scroll={frame.scroll} columns={width} height={rows - head.length - 2} />
      <Row spans={blank} columns={width} />
      <Ending at={at} columns={width} />
    </Box>
  )
  if (split === undefined) return outline
  const row = rowNow(at)
  const right = columns - split - 1
  const detail = row?.kind === 'step' ? stepLines(row.step, state, at.look, right - 4) : []
  return (
    <Panes
      at={split}
      rows={rows}
      left={outline}
      right={<Page lines={[blank, ...inset(detail)]} scroll={0} columns={right} height={rows} />}
    />
  )
}

export const walk: Screen = {
  id: 'walk',
  title: 'Walk',
  about: 'The decision tree, filling in as answers arrive: each step, its answer, and who says so.',
  keys: [{ press: ['enter', 'l', 'right'], does: 'open', run: enter }, ...walkKeys],
  stops: (at) => rowsOf(at),
  begin: (at) =>
    (rowsOf(at).find(({ mood }) => mood === 'bad') ?? rowsOf(at).find(({ mood }) => mood === 'now') ?? rowsOf(at)[0])
      ?.id ?? null,
  split: splitAt,
  View,
}
