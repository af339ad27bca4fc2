import { blank, line, paragraph, span, wrap, type Line } from '../components/line.ts'
import { section, sectionWidth } from '../components/text.ts'
import type { Seen } from '../knowledge/fact.ts'
import { outcomeOf, shownGone } from '../run/verified.ts'
import { evidenceLines } from './blocks.ts'
import type { At } from './screen.ts'
import { titleOf } from './steps.ts'

/** What shows now that the fault looked for once more is gone. */
export function goneEvidence({ state }: At): readonly Seen[] {
  const { again, phase } = state
  if (again === null || phase !== 'idle' || outcomeOf(state, again).is !== 'gone') return []
  return shownGone(state, again)
}

/** On top of a diagnosis: that it is being verified, and then what became of the fault. `alone`: nothing else is found. */
export function againLines(at: At, columns: number, alone: boolean): Line[] {
  const { state, look } = at
  const { again, phase } = state
  if (phase === 'verifying') {
    const text = 'Everything is read once more. What stands below is from before.'
    return [[span(`${look.marks.now} VERIFYING`, 'accent', true)], ...paragraph(text, columns), blank]
  }
  if (again === null || phase !== 'idle') return []
  const { is, why } = outcomeOf(state, again)
  if (is === 'there') return [line('Looked again: it is still there.', 'warn'), blank]
  if (is === 'unknown')
    return [
      ...wrap(
        [span(`${look.marks.unknown} NOT KNOWN NOW  `, 'unknown', true), span(titleOf(again), 'heading')],
        columns,
        2,
      ),
      ...(why === undefined ? [] : paragraph(why, columns, 2, 'faint')),
      blank,
    ]
  const evidence = alone ? goneEvidence(at) : []
  return [
    ...wrap([span(`${look.marks.good} GONE  `, 'good', true), span(titleOf(again), 'heading')], columns, 2),
    blank,
    ...section('Seen now', evidenceLines(evidence, sectionWidth(columns), 4), columns),
  ]
}
