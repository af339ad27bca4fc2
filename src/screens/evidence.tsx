import { Box } from 'ink'
import type { ReactNode } from 'react'
import { prompt } from '../components/frame.tsx'
import { blank, gap, line, span, type Line } from '../components/line.ts'
import { List } from '../components/list.tsx'
import { Rows } from '../components/row.tsx'
import { tableItem, type Cell } from '../components/table.ts'
import type { Exchange } from '../run/place.ts'
import { whyWord } from '../knowledge/words.ts'
import { onNow, searchKey, type At, type Screen } from './screen.ts'

/** Requests and replies in the order in which they were made; a search looks into both. */
function found({ state, frame }: At): readonly Exchange[] {
  const all = state.place.exchanges()
  const wanted = frame.query.toLowerCase()
  if (wanted === '') return all
  return all.filter(
    ({ request, reply }) => request.toLowerCase().includes(wanted) || reply.body.toLowerCase().includes(wanted),
  )
}

const failed = ({ ask, reply }: Exchange): boolean =>
  reply.refusal !== undefined ||
  (/^\["(nomad|consul)"/.test(ask) ? reply.status < 200 || reply.status > 299 : reply.status !== 0)

function cellsOf(exchange: Exchange, columns: number): readonly Cell[] {
  const { request, reply } = exchange
  const status = reply.refusal ? whyWord(reply.refusal.why) : reply.status === -1 ? 'no answer' : String(reply.status)
  return [
    [1, blank],
    [10, line(/T(\d\d:\d\d:\d\d)/.exec(reply.at)?.[1] ?? '', 'faint')],
    [9, line(`${reply.ms} ms`, 'faint')],
    [14, line(status, failed(exchange) ? 'unknown' : 'faint')],
    [columns - 34 - 10, line(request)],
    [9, line(size(reply.body.length).padStart(9), 'faint')],
  ]
}
const size = (length: number): string =>
  length === 0 ? '' : length < 1000 ? `${length} B` : `${(length / 1000).toFixed(1)} kB`

function View({ at }: { at: At }): ReactNode {
  const { state, frame, columns, rows } = at
  const list = found(at)
  const total = state.place.exchanges().length
  const count = frame.query === '' ? `${total} requests` : `${list.length} of ${total}`
  const head: Line[] = [
    [gap(2), ...prompt('/', frame.query, frame.typing, 'search requests and replies'), span(`   ${count}`, 'faint')],
    blank,
  ]
  const items = list.map((one) => tableItem(one.ask, () => cellsOf(one, columns - 1)))
  return (
    <Box flexDirection="column" width={columns}>
      <Rows lines={head} columns={columns} />
      <List items={items} on={onNow(evidence, at)} scroll={frame.scroll} columns={columns} height={rows - 2} />
    </Box>
  )
}

function open(at: At): void {
  const on = onNow(evidence, at)
  if (on !== null) at.act.open('reply', on, { filter: at.frame.query })
}

export const evidence: Screen = {
  id: 'evidence',
  title: 'Evidence',
  about: 'Every request of this run and what came back, word for word.',
  keys: [{ press: ['enter', 'l', 'right'], does: 'open the reply', run: open }, searchKey],
  stops: (at) => found(at).map(({ ask }) => ({ id: ask })),
  View,
}
