import { Box } from 'ink'
import type { ReactNode } from 'react'
import { sides } from '../components/frame.tsx'
import { cut, gap, lineWidth, span, wrap, type Line } from '../components/line.ts'
import { Row, Rows } from '../components/row.tsx'
import { Spinner } from '../components/spinner.tsx'
import { runningWords } from '../run/running.ts'
import { outcomeOf } from '../run/verified.ts'
import { pictureOf } from '../run/selectors.ts'
import type { At } from './screen.ts'
import { titleOf } from './steps.ts'
import { presentWords, undetermined } from '../knowledge/unsettled.ts'
import { count } from '../knowledge/words.ts'

/** More than these rows would take too much of the walk. */
const most = 3

/** How it ended, on as many rows as it needs; beside the last one the key to go on with. */
function endedLines(at: At): readonly Line[] {
  const { columns } = at
  const right = [...next(at), gap(1)]
  const room = columns - lineWidth(right) - 3
  const [first = [], ...more] = wrap(ended(at), room, 2)
  const rest = more.slice(most - 2).flatMap((one, i): Line => (i > 0 ? [gap(1), ...one] : one))
  const lines = [first, ...more.slice(0, most - 2), ...(rest.length > 0 ? [cut(rest, room)] : [])]
  return lines.map((one, i) => (i < lines.length - 1 ? [gap(1), ...one] : sides([gap(1), ...one], right, columns)))
}

/** How many rows the ending takes. */
export const endingRows = (at: At): number => (at.state.phase === 'idle' ? endedLines(at).length : 1)

/** Across the screen: what is running now, or how it ended. */
export function Ending({ at }: { at: At }): ReactNode {
  const { state, columns } = at
  if (state.phase === 'idle') return <Rows lines={endedLines(at)} columns={columns} />
  const { running, phase } = state
  const found = pictureOf(state)?.report.diagnosis?.fault
  const verb = phase === 'verifying' ? 'Looking again: ' : ''
  const doing: Line =
    found === undefined || phase === 'verifying'
      ? [gap(1), span(verb), span(runningWords(running), 'faint')]
      : [
          gap(1),
          span('So far: ', 'bad', true),
          span(titleOf(found), 'heading'),
          span(`  ${count(running.length, 'look')} to go`, 'faint'),
        ]
  return (
    <Box width={columns}>
      <Row spans={[gap(1)]} columns={1} />
      <Spinner />
      <Row spans={doing} columns={columns - 2} />
    </Box>
  )
}

function ended({ state, look: { marks } }: At): Line {
  const picture = pictureOf(state)
  if (!picture) return [span('Nothing was looked at yet.', 'faint')]
  const { report } = picture
  const gone =
    state.again !== null && report.diagnosis?.fault !== state.again && outcomeOf(state, state.again).is === 'gone'
  if (gone) return [span(`${marks.good} GONE  `, 'good', true), span(titleOf(state.again ?? ''), 'heading')]
  if (report.diagnosis) {
    const { fault, about, instances } = report.diagnosis
    const share = instances.total > 1 ? ` · ${instances.affected} of ${instances.total}` : ''
    return [
      span(`${marks.bad} FOUND  `, 'bad', true),
      span(titleOf(fault), 'heading'),
      span(`  ${about}${share}`, 'faint'),
    ]
  }
  const present = presentWords(report)
  if (present !== '') return [span(`${present}; d lists what is present.`)]
  if (undetermined(report) === '') return [span(`${marks.good} Nothing wrong was found on this way.`, 'good')]
  return [span(`${marks.unknown} UNDETERMINED  `, 'unknown', true), span(undetermined(report))]
}

function next({ state }: At): Line {
  const { diagnosis, findings } = pictureOf(state)?.report ?? { diagnosis: null, findings: [] }
  if (!diagnosis) return []
  const shown = findings.find(({ id, about }) => id === diagnosis.fault && about === diagnosis.about)
  return [span('d', 'accent'), span((shown?.fix.length ?? 0) > 0 ? ' shows the fix' : ' shows why', 'faint')]
}
