import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Panes, prompt } from '../components/frame.tsx'
import { abreast, blank, gap, line, span, type Line } from '../components/line.ts'
import { List } from '../components/list.tsx'
import { Aside } from '../components/page.tsx'
import { Rows } from '../components/row.tsx'
import { tableItem, type Cell } from '../components/table.ts'
import { inset } from '../components/text.ts'
import type { Verdict } from '../knowledge/verdict.ts'
import { byCause, inOrder } from '../knowledge/causes.ts'
import { once } from '../knowledge/counted.ts'
import { unsettled } from '../knowledge/unsettled.ts'
import { begun, count } from '../knowledge/words.ts'
import { pictureOf } from '../run/selectors.ts'
import { verdictLines } from './blocks.ts'
import { onNow, searchKey, splitAt, type At, type Screen } from './screen.ts'
import { verdictRows, type VerdictRow } from './step.tsx'
import { verifyKey } from './verify.ts'
import { moodMark, moodOfVerdict, moodToken, titleOf, verdictWord } from './steps.ts'

const filters = ['', 'present', 'open', 'aside', 'absent'] as const
const filterNames: Readonly<Record<string, string>> = {
  '': 'all',
  present: 'found',
  open: 'not settled',
  aside: 'aside',
  absent: 'ruled out',
}

const weights: Readonly<Record<string, number>> = { breaks: 0, degrades: 1, risks: 2 }
const weight = (verdict: Verdict): number =>
  verdict.verdict === 'present' ? (weights[verdict.severity] ?? 2) : verdict.verdict === 'unknown' ? 3 : 4

/** Where each finding stands when consequences come under their cause, and how deep. */
function places({ state }: At): ReadonlyMap<string, { readonly at: number; readonly depth: number }> {
  const placed = inOrder(byCause(pictureOf(state)?.report.findings ?? []))
  return new Map(placed.map(({ finding: { id, about }, depth }, at) => [`${id} ${about}`, { at, depth }]))
}

/** Every verdict that a report counts. */
const all = ({ state }: At): readonly VerdictRow[] => once(pictureOf(state)?.verdicts ?? []).flatMap(verdictRows)

/** The worst first, each consequence under its cause; filtered by outcome and by words. */
function found(at: At): readonly VerdictRow[] {
  const { state, frame } = at
  const place = places(at)
  const kind = kinds(at)
  const open = new Map(pictureOf(state)?.report.unknown.map(({ id, about }, i) => [`${id} ${about}`, i]))
  const first = ({ fault, about }: Verdict): number => open.get(`${fault} ${about}`) ?? 0
  const order = ({ fault, about }: Verdict): number => place.get(`${fault} ${about}`)?.at ?? place.size
  const words = frame.query.toLowerCase().split(/\s+/)
  return all(at)
    .filter(({ verdict }) => frame.filter === '' || kind(verdict) === frame.filter)
    .filter(({ verdict: { fault, about } }) => {
      const text = `${fault} ${titleOf(fault)} ${about}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .toSorted(({ verdict: a }, { verdict: b }) => order(a) - order(b) || weight(a) - weight(b) || first(a) - first(b))
}

/** The mark says what was found; a word follows where there is more to say than that it was ruled out. */
function cellsOf(verdict: Verdict, at: At, columns: number, depth: number): readonly Cell[] {
  const mood = moodOfVerdict(verdict, at.state)
  // Read aloud there are no marks, and a title alone says the opposite of a verdict that rules it out.
  if (at.look.spoken)
    return [
      [columns, line(`${verdictWord(verdict, mood).replace(': ', ', ')}: ${titleOf(verdict.fault)}  ${verdict.about}`)],
    ]
  const about = columns < 90 ? 22 : 34
  const word = verdict.verdict === 'present' ? verdict.severity : mood === 'good' ? '' : verdictWord(verdict, mood)
  const room = columns < 90 ? 14 : 30
  const indent = depth > 0 ? `${'  '.repeat(depth - 1)}${at.look.marks.follows} ` : ''
  return [
    [3, [gap(1), span(`${moodMark(mood, at.look.marks)} `, moodToken[mood])]],
    [columns - 6 - about - room, line(`${indent}${titleOf(verdict.fault)}`)],
    [1, blank],
    [about, line(verdict.about, 'faint')],
    [1, blank],
    [room, line(word.replace(/^not known: /, columns < 90 ? '' : '$&'), moodToken[mood])],
  ]
}

/** Not known is either left open, or set aside: not on the way, a risk at most, or a matter of who calls. */
function kinds({ state }: At): (verdict: Verdict) => 'present' | 'absent' | 'open' | 'aside' {
  const report = pictureOf(state)?.report
  const open = new Set(report ? unsettled(report).verdicts.map(({ id, about }) => `${id} ${about}`) : [])
  return ({ verdict, fault, about }) =>
    verdict !== 'unknown' ? verdict : open.has(`${fault} ${about}`) ? 'open' : 'aside'
}

function filterLines(at: At, columns: number): readonly Line[] {
  const { frame, look } = at
  const kind = kinds(at)
  const rows = all(at)
  const number = Map.groupBy(rows, ({ verdict }) => kind(verdict))
  const pieces = filters.map((filter): Line => [
    span(
      `${look.spoken && filter === frame.filter ? 'shown: ' : ''}${filterNames[filter] ?? ''} ${filter === '' ? count(rows.length, 'verdict') : (number.get(filter)?.length ?? 0)}`,
      filter === frame.filter ? 'accent' : 'faint',
      filter === frame.filter,
    ),
  ])
  return inset(abreast(pieces, columns - 4))
}

/** Groups that lack allocations: no verdict says it where no fault is known that is why. */
function unplacedLines({ state, look }: At): Line[] {
  const unplaced = pictureOf(state)?.report.unplaced ?? []
  const more = unplaced.length - shownUnplaced
  return [
    ...unplaced
      .slice(0, shownUnplaced)
      .map(({ sentence }) => [gap(2), span(`${look.marks.unknown} `, 'unknown'), span(begun(sentence))]),
    ...(more > 0 ? [line(`    … and ${count(more, 'more group')}`, 'faint')] : []),
  ]
}
const shownUnplaced = 3

function View({ at }: { at: At }): ReactNode {
  const { state, frame, columns, rows, look } = at
  const split = splitAt(at)
  const width = split ?? columns
  const on = onNow(survey, at)
  const list = found(at)
  const filter = [gap(2), ...prompt('/', frame.query, frame.typing, 'fault or thing')]
  const said = frame.query === '' ? 'No verdict of this kind. tab shows the next one.' : 'No verdict has these words.'
  const none = list.length === 0 && (frame.query !== '' || frame.filter !== '') ? [line(`  ${said}`, 'faint')] : []
  const head: Line[] = [...filterLines(at, width), filter, ...unplacedLines(at), blank, ...none]
  const place = places(at)
  const depth = ({ verdict, fault, about }: Verdict): number =>
    verdict === 'present' ? (place.get(`${fault} ${about}`)?.depth ?? 0) : 0
  const items = list.map(({ id, verdict }) => tableItem(id, () => cellsOf(verdict, at, width - 1, depth(verdict))))
  const left = (
    <Box flexDirection="column" width={width}>
      <Rows lines={head} columns={width} />
      <List items={items} on={on} scroll={frame.scroll} columns={width} height={rows - head.length} />
    </Box>
  )
  if (split === undefined) return left
  const right = columns - split - 1
  const verdict = list.find(({ id }) => id === on)?.verdict
  const detail = verdict ? [blank, ...inset(verdictLines(verdict, state, look, right - 4))] : []
  return <Panes at={split} rows={rows} left={left} right={<Aside lines={detail} columns={right} height={rows} />} />
}

const turn = (at: At, by: number): void => {
  const now = filters.findIndex((filter) => filter === at.frame.filter)
  at.act.patch({ filter: filters[(now + by + filters.length) % filters.length] ?? '', on: null, scroll: 0 })
}

export const survey: Screen = {
  id: 'survey',
  title: 'Survey',
  about: 'Every verdict for every thing looked at; what is not known says what would settle it.',
  keys: [
    { press: ['enter', 'l', 'right'], does: 'open', run: (at) => at.act.open('step', onNow(survey, at) ?? '') },
    { press: ['tab'], does: 'next filter', run: (at) => turn(at, 1) },
    { press: ['shift-tab'], does: 'previous filter', quiet: true, run: (at) => turn(at, -1) },
    searchKey,
    verifyKey('look again'),
  ],
  stops: found,
  split: splitAt,
  View,
}
