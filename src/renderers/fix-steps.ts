import { clean, cleanLine } from '../ask/clean.ts'
import { command } from '../ask/words.ts'
import type { Planned } from '../knowledge/fault.ts'
import { plannedLine } from '../knowledge/planned.ts'
import type { Finding } from '../knowledge/report.ts'
import { trialLine } from '../knowledge/trial.ts'
import { ended } from '../knowledge/words.ts'
import { wrap, type Style } from './style.ts'

/** The steps of a fix, numbered, indented by two. */
export const fixSteps = (fix: Finding['fix'], style: Style): string[] =>
  fix.flatMap(({ do: what, on, run, diff, risk, proven, note, trial, ...answer }, i) => [
    ...wrap(`${i + 1}. ${ended(what)} (${on}${risk === '' || risk === 'none' ? '' : `; risk: ${risk}`})`, 2, style),
    ...(run ? [`       ${cleanLine(command(run))}`] : []),
    ...(diff === undefined ? [] : diffLines(diff, 7, style)),
    ...(diff?.includes('\r\n') ? wrap(ended(otherEnds), 7, style) : []),
    ...planLines(answer, 7, style),
    ...(trial ? wrap(ended(trialLine(trial)), 7, style) : []),
    ...(proven && !trial ? wrap(ended(provenWords), 7, style) : []),
    ...(note === undefined ? [] : wrap(ended(note), 7, style)),
  ])

/** A carriage return would move the cursor of a terminal, so it is not printed. */
const otherEnds = 'The file ends its lines with CR LF, which is not shown here: --format json has the diff to apply'
const provenWords = 'Proven: laid over the same facts, the edited file no longer has this fault'

/** What the servers answer to the edited file. */
export function planLines(answer: Planned, indent: number, style: Style): string[] {
  const said = plannedLine(answer)
  return said === undefined ? [] : wrap(ended(said), indent, style)
}

/** A unified diff without the names of the file. */
export const diffLines = (diff: string, indent: number, style: Style): string[] =>
  clean(diff)
    .replace(/\n$/, '')
    .split('\n')
    .slice(diff.startsWith('--- ') ? 2 : 0)
    .map((line) => {
      const painted = line.startsWith('+') ? style.paint('added', line) : line
      return `${' '.repeat(indent)}${line.startsWith('-') ? style.paint('removed', line) : painted}`
    })
