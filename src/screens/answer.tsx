import { Box } from 'ink'
import type { ReactNode } from 'react'
import { blank, gap, line, paragraph, span, wrap, type Line } from '../components/line.ts'
import { List } from '../components/list.tsx'
import { Rows } from '../components/row.tsx'
import { inset } from '../components/text.ts'
import type { Step } from '../knowledge/walked.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { pictureOf } from '../run/selectors.ts'
import { onNow, type At, type Screen } from './screen.ts'
import { stepId, stepTitle } from './steps.ts'

const shown = ({ state, frame }: At): Step | undefined =>
  pictureOf(state)?.walked.steps.find((step) => stepId(step) === frame.arg)

interface Choice {
  readonly id: string
  readonly label: string
}

/** A question has its answers; a fault has the outcome of the check by hand. */
function choices(at: At): readonly Choice[] {
  const step = shown(at)
  if (!step) return []
  if (step.kind === 'question') return Object.entries(step.question.answers).map(([id, { label }]) => ({ id, label }))
  return [
    { id: 'present', label: 'I checked by hand: it is so' },
    { id: 'absent', label: 'I checked by hand: it is not so' },
  ]
}

const measured = (step: Step): boolean => step.by === 'measured' || step.by === 'simulated'

function notes(step: Step, columns: number): Line[] {
  const text =
    step.kind === 'question' ? step.question.why : `To check by hand: ${faultById.get(step.fault)?.byHand ?? ''}`
  const wins = measured(step)
    ? paragraph('This was measured. Your answer is kept and shown, but what was measured wins.', columns, 0, 'warn')
    : []
  return [...paragraph(text, columns, 0, 'faint'), ...wins]
}

function View({ at }: { at: At }): ReactNode {
  const { columns, rows, frame } = at
  const step = shown(at)
  const width = Math.min(columns - 4, 96)
  const title = step
    ? step.kind === 'question'
      ? step.question.ask
      : stepTitle(step)
    : 'The walk does not come here any more.'
  const head = [blank, ...inset([...wrap([span(title, 'heading')], width), ...(step ? notes(step, width) : [])]), blank]
  const items = choices(at).map(({ id, label }) => ({ id, spans: [gap(1), ...line(label)] }))
  return (
    <Box flexDirection="column" width={columns}>
      <Rows lines={head} columns={columns} />
      <List items={items} on={onNow(answer, at)} scroll={frame.scroll} columns={columns} height={rows - head.length} />
    </Box>
  )
}

function choose(at: At): void {
  const step = shown(at)
  const on = onNow(answer, at)
  if (!step || on === null) return
  if (step.kind === 'question') at.act.answer(step.question.id, on)
  else at.act.check(step.fault, on === 'present' ? 'present' : 'absent')
  at.act.back()
  at.act.notice(
    measured(step)
      ? 'Your answer is kept, but the measured one counts; u takes yours back.'
      : 'Your answer counts; u takes it back.',
  )
}

export const answer: Screen = {
  id: 'answer',
  title: 'Your answer',
  about: 'Answer a question of the tree, or tell what a check by hand showed.',
  keys: [{ press: ['enter', 'l', 'right'], does: 'this is my answer', run: choose }],
  stops: choices,
  begin: (at) => {
    const step = shown(at)
    return step?.kind === 'question' ? step.answer : 'present'
  },
  View,
}
