import type { FixStep } from '../knowledge/fault.ts'
import type { Finding, Foretold } from '../knowledge/report.ts'
import type { State } from './state.ts'

/** What tells a finding from the others of a report. */
export const keyOf = ({ id, about, sentence }: Pick<Finding, 'id' | 'about' | 'sentence'>): string =>
  `${id} ${about} ${sentence}`

/** The steps of a finding with their edits tried, as soon as they are. */
export const stepsOf = ({ mended, facts }: State, finding: Finding | Foretold): readonly FixStep[] =>
  (mended?.of === facts ? mended.steps.get(keyOf(finding)) : undefined) ?? finding.fix
