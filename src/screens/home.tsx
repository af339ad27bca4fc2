import { Box } from 'ink'
import type { ReactNode } from 'react'
import { blank, cell, gap, span, wrap, type Line } from '../components/line.ts'
import { List, type Item } from '../components/list.tsx'
import { Rows } from '../components/row.tsx'
import { faultList } from '../knowledge/faults/index.ts'
import type { Symptom } from '../knowledge/subject.ts'
import { reachOf } from '../run/selectors.ts'
import { emptyDraft } from '../run/state.ts'
import { onNow, type At, type Screen } from './screen.ts'
import { whyWord } from './steps.ts'

interface Entry {
  readonly id: string
  readonly text: string
  readonly hint: (at: At) => string
  readonly run: (at: At) => void
  readonly unless?: (at: At) => boolean
}

const ask = (symptom: Symptom) => (at: At) => {
  const from = symptom === 'outside' ? ({ kind: 'outside' } as const) : null
  at.act.draft({ ...emptyDraft, symptom, from, field: 'to' })
  at.act.open('case', '', { typing: true })
  void at.act.readJobs()
}
const noCluster = ({ state }: At): boolean => state.place.kind === 'none'
const say = (hint: string) => (): string => hint

const starts: readonly Entry[] = [
  {
    id: 'cannot-connect',
    text: 'Something cannot connect',
    hint: say('who, to whom: the walk starts here'),
    run: ask('cannot-connect'),
    unless: noCluster,
  },
  {
    id: 'not-placed',
    text: 'A job is not placed, or never starts',
    hint: say(''),
    run: ask('not-placed'),
    unless: noCluster,
  },
  {
    id: 'name-fails',
    text: 'A name does not resolve, or resolves to the wrong thing',
    hint: say(''),
    run: ask('name-fails'),
    unless: noCluster,
  },
  { id: 'sometimes', text: 'It works sometimes', hint: say(''), run: ask('sometimes'), unless: noCluster },
  {
    id: 'outside',
    text: 'It works from inside, but not from outside',
    hint: say(''),
    run: ask('outside'),
    unless: noCluster,
  },
  {
    id: 'line',
    text: 'I have an error message',
    hint: say('paste it'),
    run: ({ act }) => act.open('faults', '', { typing: true, filter: 'line' }),
  },
  {
    id: 'everything',
    text: 'Check everything',
    hint: ({ state }) => countsText(state),
    run: ({ act }) => {
      void act.lookAt({ kind: 'survey' })
      act.open('survey')
    },
    unless: noCluster,
  },
]

const more: readonly Entry[] = [
  {
    id: 'again',
    text: 'Back to the walk',
    hint: say(''),
    run: ({ act }) => act.open('walk'),
    unless: ({ state }) => state.aim === null,
  },
  { id: 'cases', text: 'Recorded cases', hint: say('real clusters to look into'), run: ({ act }) => act.open('cases') },
  {
    id: 'faults',
    text: 'All faults we know',
    hint: () => String(faultList.length),
    run: ({ act }) => act.open('faults'),
  },
  {
    id: 'leave',
    text: 'Leave the recorded case',
    hint: ({ state }) => (state.start.kind === 'live' ? `back to ${state.start.where}` : ''),
    run: ({ act }) => act.goHome(),
    unless: ({ state }) => state.place === state.start,
  },
]

const usable =
  (at: At) =>
  ({ unless }: Entry): boolean =>
    unless?.(at) !== true

function countsText(state: At['state']): string {
  const { nodes, jobs } = reachOf(state)
  const parts = [nodes && `${nodes.total} clients`, jobs !== undefined && `${jobs} jobs`]
  return parts.filter(Boolean).join(' · ')
}

/** One calm line: what is in reach, or that nothing is. */
function reachLine({ state }: At): Line {
  if (state.place.kind === 'none')
    return [span('No cluster in reach. Set NOMAD_ADDR, or look into a recorded case.', 'faint')]
  const { nodes, jobs, version, consul, token, refused } = reachOf(state)
  if (refused)
    return [
      span(`${state.place.where}: ${whyWord(refused.why)}`, 'warn'),
      span(refused.detail === undefined ? '' : `  ${refused.detail}`, 'faint'),
    ]
  if (state.phase !== 'idle' && !nodes) return [span('Looking at the cluster', 'faint')]
  const parts = [
    nodes && `${nodes.ready} of ${nodes.total} clients ready`,
    jobs !== undefined && `${jobs} jobs`,
    version !== undefined && `Nomad ${version}`,
    consul !== undefined && `Consul ${consul}`,
    token,
  ]
  return [span(parts.filter(Boolean).join(' · '), 'faint')]
}

const heading = (id: string, text: string): Item => ({ id, rest: true, spans: [gap(1), span(text, 'heading')] })
const rest = (id: string): Item => ({ id, rest: true, spans: blank })

function itemsOf(at: At, columns: number): readonly Item[] {
  const wide = Math.min(58, columns - 4)
  const row = ({ id, text, hint }: Entry): Item => ({
    id,
    spans: [gap(2), ...cell(text, wide), span(hint(at), 'faint')],
  })
  const first = starts.filter(usable(at)).map(row)
  const second = more.filter(usable(at)).map(row)
  return [
    rest('top'),
    heading('wrong', 'What is wrong?'),
    ...first,
    rest('between'),
    heading('more', 'To look around'),
    ...second,
  ]
}

function View({ at }: { at: At }): ReactNode {
  const { columns, rows, frame } = at
  const reach = wrap(reachLine(at), columns - 4)
    .slice(0, 2)
    .map((one) => [gap(2), ...one])
  return (
    <Box flexDirection="column" width={columns}>
      <List
        items={itemsOf(at, columns)}
        on={onNow(home, at)}
        scroll={frame.scroll}
        columns={columns}
        height={rows - 1 - reach.length}
      />
      <Rows lines={[...reach, blank]} columns={columns} />
    </Box>
  )
}

export const home: Screen = {
  id: 'home',
  title: 'nomad-netdoctor',
  about: 'What is wrong? The walk starts here.',
  keys: [
    {
      press: ['enter', 'l', 'right'],
      does: 'choose',
      run: (at) => [...starts, ...more].find(({ id }) => id === onNow(home, at))?.run(at),
    },
    { press: ['/'], does: 'search faults', run: ({ act }) => act.open('faults', '', { typing: true }) },
  ],
  stops: (at) => itemsOf(at, at.columns).map(({ id, rest }) => ({ id, ...(rest ? { rest } : {}) })),
  View,
}
