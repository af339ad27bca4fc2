import { blank, lineText, type Line } from '../components/line.ts'
import { inset } from '../components/text.ts'
import type { FixStep } from '../knowledge/fault.ts'
import { stepsOf } from '../run/tried.ts'
import { fixText } from './blocks.ts'
import { diagnosisLines, shownEvidence, shownFinding as shown } from './diagnosis-lines.ts'
import { pathKey } from './path.tsx'
import { numberKeys } from './reply.tsx'
import type { At, Screen } from './screen.ts'
import { TextView } from './text-view.tsx'
import { verifyKey } from './verify.ts'

const lines = (at: At): readonly Line[] => [blank, ...inset(diagnosisLines(at, Math.min(at.columns - 4, 116)))]
const fixOf = (at: At): readonly FixStep[] => {
  const finding = shown(at)
  return finding ? stepsOf(at.state, finding) : []
}
const noFix = (at: At): string | undefined => ((shown(at)?.fix.length ?? 0) > 0 ? undefined : 'there is no fix to copy')

export const diagnosis: Screen = {
  id: 'diagnosis',
  title: 'Diagnosis',
  about: 'What is wrong, what we saw, why it breaks, and what to change.',
  keys: [
    numberKeys(shownEvidence),
    pathKey,
    verifyKey('verify', (at) => shown(at)?.id),
    {
      press: ['y'],
      does: 'copy fix',
      run: (at) => at.act.copy(fixText(fixOf(at)), 'the fix'),
      unless: noFix,
    },
    {
      press: ['Y'],
      does: 'copy all',
      run: (at) => at.act.copy(diagnosisLines(at, 100).map(lineText).join('\n'), 'the diagnosis'),
    },
  ],
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}
