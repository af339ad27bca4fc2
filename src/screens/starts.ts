import type { Symptom } from '../knowledge/subject.ts'
import { reachable, reachOf } from '../run/reach.ts'
import { emptyDraft } from '../run/state.ts'
import type { At } from './screen.ts'
import { count } from '../knowledge/words.ts'

/** A line of the home screen: where a person can start. */
export interface Start {
  readonly id: string
  readonly text: string
  readonly hint: (at: At) => string
  readonly run: (at: At) => void
  /** Why it cannot be chosen now. */
  readonly unless?: (at: At) => string | undefined
  /** Not shown at all. */
  readonly hidden?: (at: At) => boolean
}

const noCluster = ({ state }: At): string | undefined =>
  reachable(state) ? undefined : 'No cluster in reach. Set NOMAD_ADDR, or look into a recorded case.'
const say = (hint: string) => (): string => hint

/** A symptom opens the question who cannot reach whom; from outside, the caller is already known. */
const symptom = (id: Symptom, text: string, hint = ''): Start => ({
  id,
  text,
  hint: say(hint),
  unless: noCluster,
  run(at) {
    const from = id === 'outside' ? ({ kind: 'outside' } as const) : null
    // What is not placed is called by nobody.
    at.act.draft({ ...emptyDraft, symptom: id, from, field: from || id === 'not-placed' ? 'to' : 'from' })
    at.act.open('case', '', { typing: true })
    void at.act.readJobs()
  },
})

function counts({ state }: At): string {
  const { nodes, jobs } = reachOf(state)
  const parts = [nodes && count(nodes.total, 'client'), jobs !== undefined && count(jobs, 'job')]
  return parts.filter(Boolean).join(' · ')
}

export const complaints: readonly Start[] = [
  symptom('cannot-connect', 'Something cannot connect', 'who, to whom'),
  symptom('not-placed', 'A job is not placed, or never starts'),
  symptom('name-fails', 'A name does not resolve, or resolves to the wrong thing'),
  symptom('sometimes', 'It works sometimes'),
  symptom('outside', 'It works from inside, but not from outside'),
  {
    id: 'line',
    text: 'I have an error message',
    hint: say('paste it'),
    run: ({ act }) => act.open('faults', '', { typing: true, filter: 'line' }),
  },
  {
    id: 'everything',
    text: 'Check everything',
    hint: counts,
    unless: noCluster,
    run({ act }) {
      void act.lookAt({ kind: 'survey' })
      act.open('survey')
    },
  },
]

export const elsewhere: readonly Start[] = [
  {
    id: 'again',
    text: 'Back to the walk',
    hint: say(''),
    run: ({ act }) => act.open('walk'),
    hidden: ({ state }) => state.aim === null,
  },
  {
    id: 'leave',
    text: 'Leave the recorded case',
    hint: ({ state }) => (state.start.kind === 'live' ? `to ${state.start.where}` : ''),
    run: ({ act }) => act.goHome(),
    hidden: ({ state }) => state.place === state.start,
  },
  { id: 'cases', text: 'Recorded cases', hint: say('real clusters'), run: ({ act }) => act.open('cases') },
  {
    id: 'faults',
    text: 'All faults we know',
    hint: say('each explained'),
    run: ({ act }) => act.open('faults'),
  },
]
