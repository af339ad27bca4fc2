import { join } from 'node:path'
import type { Session } from '../../test/terminal/pty.ts'

/** One picture: how the program is started, and what is typed until it looks as wanted. */
export interface Scene {
  readonly name: string
  readonly args?: (cases: string) => readonly string[]
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  readonly play: (session: Session) => Promise<void>
}

const small = { columns: 80, rows: 24 }
const shown = 'app-binds-loopback-only'
const open = (id: string) => (cases: string) => ['--case', join(cases, id)]
const ended = /FOUND|UNDETERMINED|Nothing wrong/

/** Types keys once the walk has ended, and waits for what they show. */
const after = (keys: string, until: RegExp) => async (session: Session) => {
  await session.until(ended)
  session.type(keys)
  await session.until(until)
}
/** The edit has been tried and is there. */
const edited = /\+ .*0\.0\.0\.0:8080/
const walked = (session: Session): Promise<void> => session.until(ended)

export const scenes: readonly Scene[] = [
  { name: 'home', play: ({ until }) => until(/no cluster/) },
  { name: 'home-80', ...small, play: ({ until }) => until(/no cluster/) },
  { name: 'walk', args: open(shown), play: walked },
  { name: 'walk-80', ...small, args: open(shown), play: walked },
  { name: 'walk-ascii', ...small, args: (cases) => [...open(shown)(cases), '--plain'], play: walked },
  { name: 'step', ...small, args: open(shown), play: after('g\r', /It tells/) },
  { name: 'diagnosis', args: open(shown), play: after('d', edited) },
  { name: 'diagnosis-80', ...small, args: open(shown), play: after('d', edited) },
  { name: 'path', args: open('forward-jump-missing'), play: after('p', /dropped/) },
  { name: 'path-80', ...small, args: open('forward-jump-missing'), play: after('p', /dropped/) },
  {
    name: 'path-ascii',
    ...small,
    args: (cases) => [...open('forward-jump-missing')(cases), '--plain'],
    play: after('p', /dropped/),
  },
  { name: 'hop', ...small, args: open('forward-jump-missing'), play: after('pkk\r', /Hops/) },
  {
    name: 'what-if',
    ...small,
    args: open('forward-jump-missing'),
    play: after('ptiptables -P FORWARD ACCEPT\r', /The packet arrives/),
  },
  { name: 'survey', args: open(shown), play: after('s', /verdicts/) },
  { name: 'survey-80', ...small, args: open(shown), play: after('s', /verdicts/) },
  { name: 'evidence', args: open(shown), play: after('e', /requests/) },
  { name: 'reply', args: open(shown), play: after('e\r', /status/) },
  { name: 'answer', args: open(shown), play: after('ga', /What do you see/) },
  { name: 'faults', args: open(shown), play: after('f', /words, an id, or an error line/) },
  {
    name: 'faults-line',
    args: open(shown),
    play: after('f/connection refused', /\/ connection refused.\s+\d+ of \d+/),
  },
  { name: 'fault', ...small, args: open(shown), play: after('f\r', /Why it breaks/) },
  { name: 'cases', args: open(shown), play: after('c', /recorded cases/) },
  { name: 'help', args: open(shown), play: after('?', /Everywhere/) },
  {
    name: 'question',
    args: open(shown),
    play: async (session) => {
      await after('\u001B', /What is wrong/)(session)
      session.type('g\r')
      await session.until(/Who is calling/)
      session.type('\r')
      await session.until(/What cannot be reached/)
      session.type('ord')
    },
  },
  { name: 'walk-light', args: open(shown), env: { NETDOCTOR_THEME: 'light' }, play: walked },
  { name: 'gallery', args: () => ['--screen', 'gallery'], play: ({ until }) => until(/no cluster[^]*Tokens/) },
]
