import { firstSeen } from '../components/list.tsx'
import { lastScroll } from '../components/page.tsx'
import { onNow, textRows, type At, type Key, type Screen } from './screen.ts'

/** The keys that every screen has. Lists and texts move alike; each screen puts its own in front of these. */

const move = (screen: Screen, by: number) => (at: At) => {
  if (screen.lines) return at.act.scroll(by, lastScroll(screen.lines(at).length, textRows(at)))
  const stops = screen.stops?.(at) ?? []
  const items = stops.filter(({ rest }) => rest !== true).map(({ id }) => id)
  at.act.step(items, by, onNow(screen, at))
  at.act.patch(({ on, scroll }) => {
    const index = stops.findIndex(({ id }) => id === on)
    return { scroll: index <= 1 ? 0 : firstSeen(stops.length, index, at.rows, scroll) }
  })
}

const full = ({ rows }: At): number => Math.max(1, rows - 2)
const half = ({ rows }: At): number => Math.max(1, Math.floor(rows / 2))
const paged = (screen: Screen, direction: 1 | -1, size: (at: At) => number) => (at: At) =>
  move(screen, direction * size(at))(at)

export function motionKeys(screen: Screen): readonly Key[] {
  return [
    { press: ['up', 'k'], does: 'up', quiet: true, run: move(screen, -1) },
    { press: ['down', 'j'], does: 'down', quiet: true, run: move(screen, 1) },
    { press: ['pageup', 'ctrl-b'], does: 'a page up', quiet: true, run: paged(screen, -1, full) },
    { press: ['pagedown', 'ctrl-f', 'space'], does: 'a page down', quiet: true, run: paged(screen, 1, full) },
    { press: ['ctrl-u'], does: 'half a page up', quiet: true, run: paged(screen, -1, half) },
    { press: ['ctrl-d'], does: 'half a page down', quiet: true, run: paged(screen, 1, half) },
    { press: ['home', 'g'], does: 'to the beginning', quiet: true, run: move(screen, -1e9) },
    { press: ['end', 'G'], does: 'to the end', quiet: true, run: move(screen, 1e9) },
  ]
}

const here =
  (screen: string) =>
  ({ frame }: At) =>
    frame.screen === screen ? 'this is it' : undefined
const nothingYet = ({ state }: At): string | undefined => (state.aim === null ? 'nothing was looked at yet' : undefined)

const help: Key = {
  press: ['?'],
  does: 'help',
  run: ({ act }) => act.open('help'),
  unless: here('help'),
}
/** These work even where nothing else does. */
const leaving: readonly Key[] = [
  { press: ['q'], does: 'quit', run: ({ act }) => act.quit(0) },
  { press: ['ctrl-c'], does: 'quit at once, exit code 130', run: ({ act }) => act.quit(130), quiet: true },
  { press: ['ctrl-z'], does: 'suspend; fg brings it back', run: ({ suspend }) => suspend(), quiet: true },
]

export const everywhere: readonly Key[] = [
  {
    press: ['esc', 'left', 'h'],
    does: 'back',
    run: ({ act }) => act.back(),
    unless: ({ state }) => (state.stack.length === 1 ? 'this is the first screen' : undefined),
  },
  { press: ['s'], does: 'survey', run: ({ act }) => act.open('survey'), unless: nothingYet, quiet: true },
  { press: ['e'], does: 'evidence', run: ({ act }) => act.open('evidence'), quiet: true },
  { press: ['c'], does: 'cases', run: ({ act }) => act.open('cases'), quiet: true },
  { press: ['f'], does: 'faults', run: ({ act }) => act.open('faults'), quiet: true },
  help,
  ...leaving,
]

/** While text is typed, letters are letters. */
export function typingKeys(screen: Screen): readonly Key[] {
  return [
    {
      press: ['enter'],
      does: screen.typedDoes ?? (screen.typed ? 'choose' : 'keep'),
      run: (at) => (screen.typed ? screen.typed(at) : at.act.patch({ typing: false })),
    },
    {
      press: ['esc'],
      does: 'leave',
      run: ({ act }) => {
        act.erase('all')
        act.patch({ typing: false })
      },
    },
    { press: ['backspace'], does: 'erase', quiet: true, run: ({ act }) => act.erase('character') },
    { press: ['ctrl-w'], does: 'erase a word', quiet: true, run: ({ act }) => act.erase('word') },
    { press: ['ctrl-u'], does: 'erase all', quiet: true, run: ({ act }) => act.erase('all') },
    { press: ['up', 'ctrl-p'], does: 'up', quiet: true, run: move(screen, -1) },
    { press: ['down', 'ctrl-n'], does: 'down', quiet: true, run: move(screen, 1) },
    { press: ['pageup'], does: 'a page up', quiet: true, run: move(screen, -10) },
    { press: ['pagedown'], does: 'a page down', quiet: true, run: move(screen, 10) },
    { press: ['ctrl-c'], does: 'quit at once, exit code 130', quiet: true, run: ({ act }) => act.quit(130) },
  ]
}

/** All keys that work on a screen now; the first that fits wins. */
export function keysOf(screen: Screen, at: At): readonly Key[] {
  if (at.hidden) return leaving
  if (at.frame.typing) return typingKeys(screen)
  if (screen.alone === true) return [...screen.keys, ...motionKeys(screen), help, ...leaving]
  const own = new Set(screen.keys.flatMap(({ press: names }) => names))
  const common = everywhere.filter(({ press: names }) => !names.every((name) => own.has(name)))
  return [...screen.keys, ...motionKeys(screen), ...common]
}

/** Whether the footer leaves a key out. */
export const isQuiet = ({ quiet = false }: Key, at: At): boolean => (typeof quiet === 'function' ? quiet(at) : quiet)

/** One key press. Unknown keys do nothing; unavailable ones say why. */
export function press(name: string, screen: Screen, at: At): void {
  const key = keysOf(screen, at).find((one) => one.press.includes(name))
  if (!key) {
    if (at.hidden) return
    if (at.frame.typing && Array.from(name).length === 1) at.act.type(name)
    else if (at.frame.typing && name === 'space') at.act.type(' ')
    return
  }
  const reason = key.unless?.(at)
  at.act.notice(reason === undefined ? '' : `${key.does}: ${reason}`)
  if (reason === undefined) key.run(at, name)
}
