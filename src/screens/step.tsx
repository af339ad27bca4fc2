import { blank, type Line } from '../components/line.ts'
import { inset } from '../components/text.ts'
import { partsOf } from '../knowledge/counted.ts'
import type { Verdict } from '../knowledge/verdict.ts'
import type { Step } from '../knowledge/walked.ts'
import type { Seen } from '../knowledge/fact.ts'
import { pictureOf } from '../run/selectors.ts'
import { stepLines, verdictLines } from './blocks.ts'
import { numberKeys } from './reply.tsx'
import type { At, Screen } from './screen.ts'
import { stepId } from './steps.ts'
import { TextView } from './text-view.tsx'
import { verifyKey } from './verify.ts'

export interface VerdictRow {
  readonly id: string
  readonly verdict: Verdict
}
/** A row for each thing a verdict says. */
export const verdictRows = (verdict: Verdict): readonly VerdictRow[] =>
  partsOf(verdict).map((part, i) => ({
    id: `verdict ${part.fault} ${part.thing}${i > 0 ? ` ${i}` : ''}`,
    verdict: part,
  }))

const onWalk = ({ state, frame }: At): Step | undefined =>
  pictureOf(state)?.walked.steps.find((step) => stepId(step) === frame.arg)

/** What the screen was opened for: a step of the walk, or any verdict. */
const shown = (at: At): Step | Verdict | undefined =>
  onWalk(at) ??
  pictureOf(at.state)
    ?.verdicts.flatMap(verdictRows)
    .find(({ id }) => id === at.frame.arg)?.verdict

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
    {
      press: ['a'],
      does: 'answer it myself',
      run: (at) => at.act.open('answer', at.frame.arg),
      unless: (at) => (onWalk(at) ? undefined : 'it is no step of the walk'),
    },
    verifyKey('verify', faultIn),
  ],
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}

function faultIn(at: At): string | undefined {
  const one = shown(at)
  return one && 'fault' in one ? one.fault : undefined
}
