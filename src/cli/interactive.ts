import { writeSync } from 'node:fs'
import { quote } from '../ask/words.ts'
import { beforeCrash } from '../crash.ts'
import { say, streamOf, terminal } from '../out.ts'
import type { Store } from '../run/store.ts'
import type { Options, Suspend } from '../screens/app.tsx'
import { OptionError } from '../sources/options.ts'
import { isSpoken, terminalOf } from '../theme.ts'
import { commonFlags, connectionFlags, readFlags, textOf, UsageError, type Values } from './flags.ts'
import { plainStyle, wrap } from '../renderers/style.ts'
import { cardsOf, casePlace, livePlace } from './places.ts'
import { reader } from './reader.ts'
import { caseFolder, shippedLike } from './shipped.ts'
import { shownAs } from './tell.ts'

const flags = {
  ...commonFlags,
  ...connectionFlags,
  cases: { takes: 'DIR', does: 'folder of recorded cases' },
  screen: { takes: 'NAME', does: 'the first screen' },
} as const

/** The terminal interface: the program without a command. */
export async function interactive(argv: readonly string[]): Promise<number | UsageError> {
  const read = readFlags(argv, flags, false)
  if (read instanceof UsageError) return read
  const { values } = read
  if (values['help'] === true) return (say(`${(await import('./help.ts')).help}\n`), 0)
  const dir = textOf(values, 'case')
  const { stdin } = process
  const stdout = terminal()
  if (!stdin.isTTY || !stdout) {
    // Started bare in a pipe or a job, it says what works there; whoever asked for a screen learns that there is none.
    if (argv.length === 0) return (say(`${(await import('./help.ts')).help}\n`), 0)
    const there = dir === undefined ? 'diagnose, check, faults' : `diagnose --case ${quote(dir)}`
    return new UsageError(`the terminal interface needs a terminal; without one: nomad-netdoctor ${there}`)
  }
  const [opened, live, { show }] = await Promise.all([
    dir === undefined ? undefined : casePlace(dir),
    livePlace(values),
    import('../screens/app.tsx'),
  ])
  if (typeof opened === 'string') return new UsageError(opened, await shippedLike(dir ?? ''))
  if (live instanceof OptionError) return new UsageError(live.message)
  const folder = textOf(values, 'cases') ?? caseFolder()
  const desk = {
    place: live.place,
    cases: () => cardsOf(folder),
    openCase: casePlace,
    reader,
    copy: (text: string) => stdout.write(`\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`),
  }
  const looks = terminalOf(process.env, stdout.getColorDepth())
  const plain = values['plain'] === true
  const spoken = isSpoken(process.env)
  const endLine = lineEnder(spoken)
  try {
    const { code, store } = await show(desk, {
      terminal: {
        ...looks,
        colour: looks.colour && !plain && values['no-color'] !== true,
        unicode: looks.unicode && !plain,
        spoken,
      },
      spoken,
      whole: opened !== undefined || textOf(values, 'screen') !== undefined,
      ...(textOf(values, 'screen') === undefined ? {} : { screen: textOf(values, 'screen') ?? 'home' }),
      suspend,
      guard: (restore) => beforeCrash(() => (restore(), endLine())),
      resized,
      erase: () => stdout.write('\u001B[H\u001B[J'),
      begin(store) {
        if (looks.colour && !spoken && process.env['NETDOCTOR_THEME'] === undefined) stdout.write('\u001B]11;?\u0007')
        if (opened) void store.act.enterCase(opened)
        else void store.act.reach()
      },
    })
    endLine()
    if (code === 0) await sayGoodbye(store, values)
    return code
  } finally {
    await live.close()
  }
}

/** Read aloud there is no other screen to leave: the last line of this one is still open, however it is left. */
function lineEnder(spoken: boolean): () => void {
  let open = spoken
  const end = () => {
    if (open) writeSync(1, '\n')
    open = false
  }
  process.once('exit', end)
  return end
}

/** Milliseconds after which a window that was dragged counts as still. */
const calm = 80

/** Not the `resize` of the stream: a size that came back between two looks at it is none there. */
const resized: Options['resized'] = (draw) => {
  let timer: NodeJS.Timeout | undefined
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(draw, calm)
  }
  process.on('SIGWINCH', later)
  return () => {
    clearTimeout(timer)
    process.off('SIGWINCH', later)
  }
}

/** Ctrl-Z: the terminal is given back, the whole job stops, and on `fg` the picture comes back. */
const suspend: Suspend = async (give) => {
  if (process.platform === 'win32') return
  const given = await give()
  // Without a terminal nothing holds the program: it would end in the moment it is woken.
  const awake = setInterval(() => {}, 60_000)
  process.once('SIGCONT', () => {
    clearInterval(awake)
    void given.resume()
  })
  process.kill(0, 'SIGTSTP')
}

/** What was found stays on the main screen, with the command that prints all of it. */
async function sayGoodbye(store: Store, values: Values): Promise<void> {
  const state = store.getState()
  if (state.aim === null) return
  const [{ pictureOf }, { faultById }] = await Promise.all([
    import('../run/selectors.ts'),
    import('../knowledge/faults/index.ts'),
  ])
  const found = pictureOf(state)?.report.diagnosis
  if (!found) return
  const title = faultById.get(found.fault)?.title ?? found.fault
  const said = found.sentence.startsWith(title) ? found.sentence : `${title}: ${found.sentence}`
  const lines = wrap(`${said} (${found.fault})`, 0, {
    ...plainStyle,
    width: streamOf('stdout').columns || plainStyle.width,
  })
  writeSync(1, `${shownAs(lines.join('\n'), values)}\n`)
}
