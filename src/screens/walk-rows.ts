import { blank, gap, span, type Line } from '../components/line.ts'
import type { Cell } from '../components/table.ts'
import { widthOf } from '../components/width.ts'
import type { Step } from '../knowledge/walked.ts'
import { pictureOf } from '../run/selectors.ts'
import type { State } from '../run/state.ts'
import type { At } from './screen.ts'
import { moodMark, moodOf, moodToken, stepAnswer, stepBy, stepId, stepTitle, type Mood } from './steps.ts'
import { count } from '../knowledge/words.ts'

/** A line of the outline: a step, or many rungs of one ladder with the same outcome. */
export type WalkRow =
  | { readonly kind: 'step'; readonly id: string; readonly step: Step; readonly mood: Mood }
  | {
      readonly kind: 'fold'
      readonly id: string
      readonly mood: Mood
      readonly steps: readonly Step[]
      readonly open: boolean
    }

/** Below a question: what was ruled out, what is not known, what is being looked at, and last what was found. */
const moods: readonly Mood[] = ['good', 'unknown', 'now', 'risk', 'bad']
const most = 3

/** The outline. Rungs with the same outcome are one line until it is opened, so that little moves while answers arrive. */
export function walkRows(state: State, unfolded: readonly string[]): readonly WalkRow[] {
  const rows: WalkRow[] = []
  const met = new Map<string, number>()
  /** A fault may stand on two ladders. */
  const unique = (id: string): string => {
    const times = (met.get(id) ?? 0) + 1
    met.set(id, times)
    return times === 1 ? id : `${id} ${times}`
  }
  const push = (step: Step, mood: Mood) => rows.push({ kind: 'step', id: unique(stepId(step)), step, mood })
  for (const { question, rungs } of ladders(pictureOf(state)?.walked.steps ?? [])) {
    if (question) push(question, moodOf(question, state))
    const byMood = Map.groupBy(rungs, (rung) => moodOf(rung, state))
    for (const mood of moods) {
      const steps = byMood.get(mood) ?? []
      const id = unique(`fold ${mood} ${question ? stepId(question) : ''}`)
      const folds = steps.length > most && mood !== 'bad' && mood !== 'risk'
      const open = unfolded.includes(id)
      if (folds) rows.push({ kind: 'fold', id, mood, steps, open })
      if (!folds || open) for (const step of steps) push(step, mood)
    }
  }
  return rows
}

interface Rungs {
  readonly question: Step | undefined
  readonly rungs: Step[]
}

/** Each question with the rungs that follow it. */
function ladders(steps: readonly Step[]): readonly Rungs[] {
  const found: Rungs[] = []
  for (const step of steps) {
    const last = found.at(-1)
    if (step.kind === 'question') found.push({ question: step, rungs: [] })
    else if (last) last.rungs.push(step)
    else found.push({ question: undefined, rungs: [step] })
  }
  return found
}

function foldText(mood: Mood, steps: readonly Step[]): string {
  if (mood === 'good') return `${count(steps.length, 'fault')} ruled out`
  if (mood === 'now') return `${count(steps.length, 'fault')} to rule out`
  const rungs = steps.flatMap((step) => (step.kind === 'rung' && step.judged ? [step.judged] : []))
  const risks = rungs.filter(({ risk }) => risk).length
  const aside = rungs.filter(({ risk, beside }) => !risk && beside).length
  const open = steps.length - risks - aside
  const parts = [
    open > 0 ? `${count(open, 'fault')} not settled` : '',
    risks > 0 ? `${count(risks, 'risk')} not known` : '',
    aside > 0 ? `${aside} set aside` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** Columns: mark, step, answer, who says so. */
export function cellsOf(row: WalkRow, at: At, columns: number): readonly Cell[] {
  const mark = span(`${moodMark(row.mood, at.look.marks)} `, moodToken[row.mood])
  if (row.kind === 'fold')
    return [
      [5, [gap(3), mark]],
      [columns - 5, [span(foldText(row.mood, row.steps), 'faint'), span(row.open ? '' : ' …', 'faint')]],
    ]
  const { step, mood } = row
  const by = stepBy(step, mood)
  const indent = step.kind === 'question' ? 1 : 3
  const wide = columns < 74 ? 17 : columns < 90 ? 22 : columns < 160 ? 34 : 70
  const usual = step.kind === 'question' || columns >= 74 ? wide : wide - 2
  const says = stepAnswer(step, mood)
  const title = stepTitle(step)
  // A long answer begins farther to the left where its title leaves room.
  const answer = Math.max(usual, Math.min(widthOf(says), columns - indent - 13 - widthOf(title)))
  const settled = mood === 'bad' || mood === 'unknown' || mood === 'risk'
  const differs = step.kind === 'question' && step.differs !== undefined
  const told = settled ? moodToken[mood] : differs ? 'warn' : step.kind === 'question' ? 'text' : 'faint'
  return [
    [indent + 2, [gap(indent), mark]],
    [columns - indent - answer - 13, [span(title, step.kind === 'question' ? 'heading' : 'text')]],
    [1, blank],
    [answer, [span(says, told)]],
    [1, blank],
    [9, [span(by, by === 'assumed' ? 'unknown' : 'faint')]],
  ]
}

/** What a folded line stands for. */
export const foldLines = ({ mood, steps }: WalkRow & { kind: 'fold' }): Line[] => [
  [span(foldText(mood, steps), 'heading')],
  blank,
  ...steps.map((step): Line => [span(stepTitle(step), 'faint')]),
]
