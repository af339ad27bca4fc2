/** Edits for what was measured, by the rule that finds the same mistake in files: it is the one that knows where it stands. */
import type { FixStep } from '../knowledge/fault.ts'
import { faultById } from '../knowledge/faults/index.ts'
import type { Finding } from '../knowledge/report.ts'
import type { Picture, Shown } from './loop.ts'
import { sameFindings } from './prove.ts'

type Named = Pick<Finding, 'id' | 'about' | 'fix'>

export const hasEdit = ({ fix }: Named): boolean => fix.some(({ edit }) => edit)

/** The rule for files, where its edits cure what was measured. */
export const filed = ({ id }: Named) => faultById.get(id)?.foretold?.meets

export const presentIn = ({ verdicts }: Pick<Picture, 'verdicts'>, { id, about }: Named) =>
  verdicts.filter((one) => one.verdict === 'present').find((one) => one.fault === id && one.about === about)

/** The same mistake, as the rule for files finds it in the submitted one. */
export function foretoldIn(shown: Shown, finding: Named, seen: Picture): Finding | undefined {
  const [measured, meets] = [presentIn(seen, finding), filed(finding)]
  const links = Object.values((measured && seen.world.things.get(measured.thing)?.links) ?? {})
  const found = shown.verdicts
    .filter((one) => one.verdict === 'present')
    .filter(({ fault, foretold, thing }) => fault === finding.id && foretold === true && links.includes(thing))
    .find(({ given }) => measured && meets?.(measured.given, given))
  return found && sameFindings(shown.report, { ...finding, about: found.about })[0]
}

/** The steps of the file's rule take the place of those that were only words for the same file. */
export const withFile = (steps: readonly FixStep[], { fix }: Named): readonly FixStep[] => [
  ...steps.map((step) => (step.proven ? { ...step, note: [step.note, later].filter(Boolean).join('. ') } : step)),
  ...fix.filter(({ on }) => on !== 'job file'),
]
const later = 'What was measured stays as it is until the edited job runs: verify again after it'
