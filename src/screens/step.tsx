import { blank, type Line } from '../components/line.ts'
import { inset } from '../components/text.ts'
import type { Verdict } from '../engine/judge.ts'
import type { Step } from '../engine/walk.ts'
import type { Seen } from '../knowledge/fact.ts'
import { pictureOf } from '../run/selectors.ts'
import { stepLines, verdictLines } from './blocks.ts'
import { numberKeys } from './reply.tsx'
import type { At, Screen } from './screen.ts'
import { stepId } from './steps.ts'
import { TextView } from './text-view.tsx'

export const verdictId = ({ fault, thing }: Verdict): string => `verdict ${fault} ${thing}`

/** What the screen was opened for: a step of the walk, or any verdict. */
const shown = ({ state, frame }: At): Step | Verdict | undefined => {
  const picture = pictureOf(state)
  return (
    picture?.walked.steps.find((step) => stepId(step) === frame.arg) ??
    picture?.verdicts.find((verdict) => verdictId(verdict) === frame.arg)
  )
}

function evidenceOf(at: At): readonly Seen[] {
  const one = shown(at)
  if (!one) return []
  const verdict = 'kind' in one ? (one.kind === 'rung' ? one.judged : undefined) : one
  if (verdict) return verdict.verdict === 'unknown' ? [] : verdict.evidence
  return 'kind' in one && one.kind === 'question' ? one.evidence : []
}

function lines(at: At): readonly Line[] {
  const one = shown(at)
  if (!one) return [blank, ...inset([[{ text: 'The walk does not come here any more.' }]])]
  const width = at.columns - 4
  return [
    blank,
    ...inset('kind' in one ? stepLines(one, at.state, at.look, width) : verdictLines(one, at.state, at.look, width)),
  ]
}

export const step: Screen = {
  id: 'step',
  title: 'Step',
  about: 'One step of the walk in full: question or fault, answer, evidence.',
  keys: [
    numberKeys(evidenceOf),
    { press: ['a'], does: 'answer it myself', run: (at) => at.act.open('answer', at.frame.arg) },
    {
      press: ['v'],
      does: 'verify',
      run: (at) => void at.act.verify(faultIn(at)),
      unless: ({ state }) => (state.phase === 'idle' ? undefined : 'still looking'),
    },
  ],
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}

function faultIn(at: At): string | undefined {
  const one = shown(at)
  return one && 'fault' in one ? one.fault : undefined
}
