import type { Verdict } from '../knowledge/verdict.ts'
import type { Step } from '../knowledge/walked.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { pictureOf } from '../run/selectors.ts'
import type { State } from '../run/state.ts'
import type { Marks, Token } from '../theme.ts'
import { whyWord } from '../knowledge/words.ts'

/** What a step looks like: settled well, found, not known, being looked at, a risk only. */
export type Mood = 'good' | 'bad' | 'unknown' | 'now' | 'risk'

export const moodToken: Readonly<Record<Mood, Token>> = {
  good: 'good',
  bad: 'bad',
  unknown: 'unknown',
  now: 'accent',
  risk: 'warn',
}
export const moodMark = (mood: Mood, marks: Marks): string => marks[mood]

export const busy = ({ phase }: State): boolean => phase === 'looking'

/** Assumed, or answered in a way that explains nothing. */
const isOpen = (step: Step, state: State): boolean => pictureOf(state)?.walked.open.includes(step) ?? false

export function moodOf(step: Step, state: State): Mood {
  if (step.kind === 'question') return !isOpen(step, state) ? 'good' : busy(state) ? 'now' : 'unknown'
  if (step.by === 'told') return step.verdict === 'present' ? 'bad' : 'good'
  if (step.judged === undefined) return busy(state) ? 'now' : 'good'
  return moodOfVerdict(step.judged, state)
}

export function moodOfVerdict(verdict: Verdict, state: State): Mood {
  if (verdict.verdict === 'present') return verdict.severity === 'risks' ? 'risk' : 'bad'
  if (verdict.verdict === 'absent') return 'good'
  // What cannot be told yet may follow from what is still on its way.
  const open = verdict.because.some(({ why }) => why === 'not-asked' || why === 'not-evaluable')
  return busy(state) && open ? 'now' : 'unknown'
}

export const titleOf = (fault: string): string => faultById.get(fault)?.title ?? fault

/** The short form of a question: what stands before its colon. */
export const shortAsk = (ask: string): string => (ask.includes(':') ? `${ask.slice(0, ask.indexOf(':'))}?` : ask)

export const stepTitle = (step: Step): string =>
  step.kind === 'question' ? shortAsk(step.question.ask) : titleOf(step.fault)

export function verdictWord(verdict: Verdict, mood: Mood): string {
  if (mood === 'now') return 'looking'
  if (verdict.verdict === 'present') return `found, ${verdict.severity}`
  if (verdict.verdict === 'absent') return 'ruled out'
  const aside = verdict.beside ? ', set aside' : ''
  return `not known${aside}: ${whyWord(verdict.because[0]?.why ?? 'not-asked')}`
}

export function stepAnswer(step: Step, mood: Mood): string {
  if (mood === 'now') return 'looking'
  if (step.kind === 'question') {
    const { question, answer, because, differs } = step
    const why =
      because && because.why !== 'not-asked' && because.why !== 'not-evaluable' ? `: ${whyWord(because.why)}` : ''
    const label = (one: string): string => question.answers[one]?.label ?? one
    return `${label(answer)}${why}${differs === undefined ? '' : `; you said: ${label(differs)}`}`
  }
  if (step.by === 'told') return step.verdict === 'present' ? 'it is there' : 'it is not there'
  return step.judged ? verdictWord(step.judged, mood) : 'nothing to judge'
}

/** Who says so; a step that nobody has settled yet has no such word. */
export const stepBy = (step: Step, mood: Mood): string =>
  mood === 'now' || (step.kind === 'rung' && mood === 'unknown') ? '' : step.by

export const stepId = (step: Step): string =>
  step.kind === 'question' ? `question ${step.question.id}` : `fault ${step.fault}`
