import { cut, line, lineText } from '../components/line.ts'
import { cleanLine } from '../ask/clean.ts'
import { say, status, terminal } from '../out.ts'
import type { Progress } from '../run/look.ts'
import { following, runningWords } from '../run/running.ts'
import { isSpoken } from '../theme.ts'
import type { Values } from './flags.ts'
import { shownAs } from './tell.ts'

/** Milliseconds: what ends sooner needs no word; then how often the one line changes, or a new one is read aloud. */
const patience = 1000
const rhythm = { rewritten: 1000, plain: 15_000 }

export interface Waiting {
  readonly progress: Progress
  /** Nothing is waited for any more; what was shown is gone. */
  readonly end: () => void
}

/** Tells a person who waits at a terminal what for: on the standard error, and nowhere else. */
export function waiting(values: Values): Waiting {
  const start = Date.now()
  const { progress, now } = following(() => {})
  let timer: NodeJS.Timeout | undefined = setTimeout(tell, patience)
  timer.unref()

  function tell(): void {
    const screen = terminal('stderr')
    if (!screen) return
    const seconds = Math.round((Date.now() - start) / 1000)
    const words = now().length > 0 ? runningWords(now()) : 'waiting for an answer'
    const text = cleanLine(`Looking (${seconds} s): ${words}`)
    // A line that is rewritten is noise to who hears it, and no line to a terminal that cannot go back.
    const plain = values['plain'] === true || process.env['TERM'] === 'dumb' || isSpoken(process.env)
    const shown = plain ? text : lineText(cut(line(text), screen.columns - 1))
    const said = shownAs(shown, values)
    if (plain) say(`${said}\n`, 'stderr')
    else status(said)
    timer = setTimeout(tell, plain ? rhythm.plain : rhythm.rewritten)
    timer.unref()
  }

  return {
    progress,
    end() {
      clearTimeout(timer)
      timer = undefined
      status('')
    },
  }
}
