import { Box } from 'ink'
import type { ReactNode } from 'react'
import { blank, cell, gap, line, middle, paragraph, span, wrap, type Line } from '../components/line.ts'
import { List, seenOf } from '../components/list.tsx'
import { Rows } from '../components/row.tsx'
import { inset } from '../components/text.ts'
import { actionOf } from '../run/action.ts'
import type { Asked } from '../run/state.ts'
import { onNow, type At, type Key, type Screen } from './screen.ts'
import { count } from '../knowledge/words.ts'

/** Milliseconds a question must have been seen before a key can answer it: no key meant for something else does. */
const grace = 500
const seen = ({ state: { asked } }: At): readonly Asked[] =>
  asked.filter(({ shown }) => shown !== null && Date.now() - shown >= grace)
const marked = (at: At): readonly Asked[] => seen(at).filter(({ key }) => key === onNow(consent, at))

/** The cursor stays where it is in the list: the next question comes to it. */
const answer =
  (yes: 'yes' | 'no' | 'never', which: (at: At) => readonly Asked[]) =>
  (at: At): void => {
    const keys = which(at).map(({ key }) => key)
    if (keys.length === 0) return
    const order = at.state.asked.map(({ key }) => key)
    const from = order.indexOf(onNow(consent, at) ?? '')
    const left = (key: string) => !keys.includes(key)
    at.act.patch({ on: order.slice(from).find(left) ?? order.findLast(left) ?? null })
    at.act.consent(yes, keys)
  }

const keys: readonly Key[] = [
  { press: ['y'], does: 'yes', run: answer('yes', marked) },
  { press: ['n'], does: 'no', run: answer('no', marked) },
  { press: ['Y'], does: 'yes to all', run: answer('yes', seen) },
  { press: ['esc'], does: 'no to all', run: answer('no', seen) },
  { press: ['N'], does: 'never ask', run: answer('never', seen) },
]

const words =
  'They change nothing, but they run inside your workloads or send packets. What you refuse stays unknown, and the diagnosis says so. A yes counts until you leave the program, and so does N; after a no, v asks again.'

function View({ at }: { at: At }): ReactNode {
  const { state, frame, columns, rows } = at
  const width = Math.min(columns - 6, 100)
  const on = onNow(consent, at)
  const one = state.asked.find(({ key }) => key === on)
  const number = state.asked.findIndex(({ key }) => key === on) + 1
  const which = state.asked.length > 1 ? `  number ${number} is marked` : ''
  const title: Line = [span(`May this run? ${count(state.asked.length, 'action')}`, 'heading'), span(which, 'faint')]
  const full: Line[] = [blank, title, ...paragraph(words, width, 0, 'faint'), blank]
  const whole = one ? detailOf(at, one, width) : { names: [], means: [] }
  // What is asked about goes before what holds of every question.
  const few = Math.min(state.asked.length, 3)
  const head = full.length + whole.names.length + whole.means.length + few > rows ? [title] : full
  const detail = fitting(whole, rows - head.length - few)
  const what = Math.floor(columns * 0.42)
  const where = columns - what - 4
  const items = state.asked.map(({ key, request }) => ({
    id: key,
    spans: (): Line => {
      const action = actionOf(state, request)
      return [gap(2), ...cell([middle(action.what, what, 'accent')], what), gap(1), middle(action.where, where)]
    },
  }))
  const room = Math.max(1, rows - head.length - detail.length)
  const height = items.length <= room ? items.length : Math.max(1, room - 1)
  const { first } = seenOf(items, on, height, frame.scroll)
  return (
    <Box flexDirection="column" width={columns}>
      <Rows lines={inset(head, 3)} columns={columns} />
      <List items={items} on={on} scroll={frame.scroll} columns={columns} height={height} />
      <Rows lines={inset([...unseen(first, items.length - first - height), ...detail], 3)} columns={columns} />
    </Box>
  )
}

/** How much of the list is not seen, and on which side. */
const unseen = (above: number, below: number): readonly Line[] =>
  above + below === 0
    ? []
    : [
        line(
          [above > 0 && `↑ ${above} more above`, below > 0 && `↓ ${below} more below`].filter(Boolean).join(' · '),
          'faint',
        ),
      ]

/** The marked action in full, exactly where it would run: a row of the list may have cut it. */
function detailOf({ state }: At, { request }: Asked, columns: number): Detail {
  const { what, exactly, means } = actionOf(state, request)
  return {
    names: [blank, ...wrap([span(`${exactly}:`)], columns), ...wrap([gap(2), span(what, 'accent')], columns, 4)],
    means: wrap([span(means, 'faint')], columns),
  }
}
interface Detail {
  readonly names: readonly Line[]
  readonly means: readonly Line[]
}

/** Names of hundreds of characters may need more rows than there are: how many are missing is said. */
function fitting({ names, means }: Detail, rows: number): readonly Line[] {
  const room = rows - means.length
  if (names.length <= room) return [...names, ...means]
  const seen = names.slice(0, Math.max(0, room - 1))
  const left = count(names.length - seen.length, 'more line')
  return [...seen, [span(`… ${left}: a larger window shows all`, 'warn')], ...means]
}

export const consent: Screen = {
  id: 'consent',
  title: 'Your consent',
  about: 'Nothing runs in a workload, and no packet is sent, without a yes. All that waits for one is listed.',
  keys,
  alone: true,
  stops: ({ state }) => state.asked.map(({ key }) => ({ id: key })),
  View,
}
