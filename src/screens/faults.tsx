import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Panes, prompt } from '../components/frame.tsx'
import { blank, gap, line, paragraph, span, type Line } from '../components/line.ts'
import { List } from '../components/list.tsx'
import { Aside } from '../components/page.tsx'
import { Rows } from '../components/row.tsx'
import { tableItem, type Cell } from '../components/table.ts'
import { inset } from '../components/text.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { count } from '../knowledge/words.ts'
import { alike, alikeWords, searchFaults, type Hit } from '../run/search.ts'
import { faultLines } from './fault.tsx'
import { onNow, searchKey, splitAt, type At, type Screen } from './screen.ts'

let kept: { readonly query: string; readonly hits: readonly Hit[] } | undefined
/** The view and the keys ask for the same list many times. */
function hitsOf({ frame }: At): readonly Hit[] {
  if (kept?.query !== frame.query) kept = { query: frame.query, hits: searchFaults(frame.query) }
  return kept.hits
}

function cellsOf({ fault, heard }: Hit, prints: boolean, columns: number): readonly Cell[] {
  const right = heard === undefined ? fault.id : `${prints ? 'prints' : 'alike'}: ${heard}`
  const width = Math.floor(columns * 0.4)
  return [
    [1, blank],
    [columns - width - 2, line(fault.title)],
    [1, blank],
    [width, line(right, prints ? 'accent' : 'faint')],
  ]
}

function View({ at }: { at: At }): ReactNode {
  const { frame, columns, rows } = at
  const split = splitAt(at)
  const width = split ?? columns
  const hits = hitsOf(at)
  const asked = frame.filter === 'line'
  const on = onNow(faults, at)
  const place = hits.findIndex(({ fault }) => fault.id === on) + 1
  const found =
    frame.query === '' ? count(hits.length, 'fault') : `${hits.length} that ${hits.length === 1 ? 'fits' : 'fit'}`
  const shown = place > 0 ? `${place} of ${found}` : found
  const hint = asked ? 'paste or type the line you see' : 'words, an id, or an error line'
  const head: Line[] = [
    [gap(2), ...prompt(asked ? 'The message:' : '/', frame.query, frame.typing, hint), span(`   ${shown}`, 'faint')],
    blank,
  ]
  const best = alike(hits)
  const items = hits.map((hit, index) => tableItem(hit.fault.id, () => cellsOf(hit, index < best, width - 1)))
  const empty: Line[] =
    hits.length > 0 ? [] : [[gap(2), span('No fault that we know prints this. Fewer words find more.', 'faint')]]
  const several = frame.query === '' ? '' : alikeWords(hits)
  const note = several === '' ? [] : [...paragraph(several, width - 2, 2, 'faint'), blank]
  const above = [...head, ...note, ...empty]
  const left = (
    <Box flexDirection="column" width={width}>
      <Rows lines={above} columns={width} />
      <List items={items} on={on} scroll={frame.scroll} columns={width} height={rows - above.length} />
    </Box>
  )
  if (split === undefined) return left
  const right = columns - split - 1
  const fault = faultById.get(on ?? '')
  const detail = fault ? [blank, ...inset(faultLines(fault, right - 4))] : []
  return <Panes at={split} rows={rows} left={left} right={<Aside lines={detail} columns={right} height={rows} />} />
}

const open = (at: At): void => {
  const on = onNow(faults, at)
  if (on !== null) at.act.open('fault', on)
}

export const faults: Screen = {
  id: 'faults',
  title: 'Faults',
  about: 'The library: every fault we know, found by words or by the error line you paste.',
  keys: [{ press: ['enter', 'l', 'right'], does: 'open', run: open }, searchKey],
  stops: (at) => hitsOf(at).map(({ fault }) => ({ id: fault.id })),
  typed: (at) => {
    at.act.patch({ typing: false })
    open(at)
  },
  split: splitAt,
  View,
}
