import { Box } from 'ink'
import type { ReactNode } from 'react'
import { adviceOf, knownAdvice } from '../ask/advice.ts'
import { blank, cell, gap, span, wrap, type Line } from '../components/line.ts'
import { List, type Item } from '../components/list.tsx'
import { Rows } from '../components/row.tsx'
import { reachable, reachOf } from '../run/reach.ts'
import { onNow, type At, type Screen } from './screen.ts'
import { complaints, elsewhere, type Start } from './starts.ts'
import { count, whyWord } from '../knowledge/words.ts'

const who = {
  live: 'The cluster answers, but not everything',
  case: 'When this was recorded, the cluster did not answer everything',
  none: '',
} as const

/** One calm line: what is in reach, or that nothing is. */
function reachLine({ state }: At): Line {
  const { nodes, jobs, version, consul, consulRefused, token, refused } = reachOf(state)
  if (!reachable(state)) {
    const where = state.place.kind === 'none' ? '' : (state.place.where.split(' · ')[0] ?? '')
    const { why: kind, detail = '' } = refused ?? {}
    // A connection that is refused says no more than that nobody is there.
    const said = kind === 'failed' || knownAdvice('nomad', where, detail) !== undefined ? detail : ''
    const why = said === '' ? '. Set NOMAD_ADDR' : `: ${said}. ${adviceOf(where, said).replace(/\.$/, '')}`
    return [
      span(`No cluster in reach${where === '' ? '' : ` at ${where}`}${why}, or look into a recorded case.`, 'faint'),
    ]
  }
  if (refused)
    return [
      span(`${who[state.place.kind]}: ${whyWord(refused.why)}`, 'warn'),
      span(refused.detail === undefined ? '' : `  ${refused.detail}`, 'faint'),
    ]
  if (!nodes) return [span(state.phase === 'idle' ? '' : 'Looking at the cluster', 'faint')]
  const parts = [
    nodes.ready === nodes.total
      ? `${count(nodes.total, 'client')} ready`
      : `${nodes.ready} of ${count(nodes.total, 'client')} ready`,
    jobs !== undefined && count(jobs, 'job'),
    version !== undefined && `Nomad ${version}`,
    consulRefused
      ? `Consul: ${whyWord(consulRefused.why)}${consulRefused.detail === undefined ? '' : ` (${consulRefused.detail})`}`
      : consul === undefined
        ? 'Consul not found'
        : `Consul ${consul}`,
    token,
  ]
  return [span(parts.filter(Boolean).join(' · '), 'faint')]
}

const rest = (id: string, spans: Line = blank): Item => ({ id, rest: true, spans })
const heading = (id: string, text: string): Item => rest(id, [gap(1), span(text, 'heading')])

function itemsOf(at: At): readonly Item[] {
  const row = ({ id, text, hint, unless }: Start): Item => ({
    id,
    spans: [gap(3), ...cell(text, 58, unless?.(at) === undefined ? 'text' : 'faint'), span(hint(at), 'faint')],
  })
  const shown = (starts: readonly Start[]) => starts.filter(({ hidden }) => hidden?.(at) !== true).map(row)
  return [
    rest('top'),
    heading('wrong', 'What is wrong?'),
    ...shown(complaints),
    rest('between'),
    heading('else', 'To look around'),
    ...shown(elsewhere),
  ]
}

function View({ at }: { at: At }): ReactNode {
  const { columns, rows, frame } = at
  const reach = wrap(reachLine(at), columns - 4)
    .slice(0, 4)
    .map((one) => [gap(2), ...one])
  const height = rows - 1 - reach.length
  return (
    <Box flexDirection="column" width={columns}>
      <List items={itemsOf(at)} on={onNow(home, at)} scroll={frame.scroll} columns={columns} height={height} />
      <Rows lines={[...reach, blank]} columns={columns} />
    </Box>
  )
}

function choose(at: At): void {
  const start = [...complaints, ...elsewhere].find(({ id }) => id === onNow(home, at))
  const reason = start?.unless?.(at)
  if (reason === undefined) start?.run(at)
  else at.act.notice(reason)
}

export const home: Screen = {
  id: 'home',
  title: 'nomad-netdoctor',
  about: 'What is wrong? The walk starts here.',
  keys: [
    { press: ['enter', 'l', 'right'], does: 'choose', run: choose },
    { press: ['/'], does: 'search faults', run: ({ act }) => act.open('faults', '', { typing: true }) },
    { press: ['c'], does: 'cases', run: ({ act }) => act.open('cases') },
  ],
  stops: itemsOf,
  begin: (at) => (reachable(at.state) ? 'cannot-connect' : 'cases'),
  View,
}
