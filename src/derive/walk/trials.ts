import type { World } from '../../knowledge/fact.ts'
import type { FixStep } from '../../knowledge/fault.ts'
import type { Finding, Report, Trial } from '../../knowledge/report.ts'
import type { Thing } from '../../knowledge/things.ts'
import { isModelled } from '../../packet/change/index.ts'
import { whatIf, type Command } from './what-if.ts'

/** The same report, and at every step of a cure that is a command the walk models: what the walk says of it. */
export const withTrials = (report: Report, world: World): Report => ({
  ...report,
  findings: report.findings.map((finding) => {
    if (!finding.fix.some(({ run }) => run && isModelled(run))) return finding
    const path = pathOf(finding, world)
    const alone = finding.fix.map((step) => withTrial(step, path, world))
    return { ...finding, fix: path ? together(alone, path, world) : alone }
  }),
})

const fails = ({ trial }: Finding['fix'][number]): boolean =>
  trial?.tried === true && trial.before !== 'answered' && trial.arrives === 'no' && trial.after === trial.before

/** What does not help when it is tried comes after the rest. */
const ordered = (steps: Finding['fix']): Finding['fix'] => [
  ...steps.filter((step) => !fails(step)),
  ...steps.filter(fails),
]

/** Steps none of which mends it alone, and that mend it together, are shown as tried together; none of them is spare. */
function together(alone: Finding['fix'], path: Thing, world: World): Finding['fix'] {
  const tryAll = (steps: Finding['fix']): Trial => trialOf(steps.flatMap(commandOf), path, world)
  const mends = (steps: Finding['fix']): boolean => arrives(tryAll(steps))
  const short = alone.filter(({ trial }) => trial?.tried && trial.before !== 'answered' && trial.arrives === 'no')
  if (short.length < 2 || !mends(short)) return ordered(alone)
  const needed = short.reduce((left, step) => {
    const others = left.filter((one) => one !== step)
    return mends(others) ? others : left
  }, short)
  const trial = tryAll(needed)
  const fix = ordered(alone.map((step) => (needed.includes(step) ? { ...step, trial } : step)))
  const numbers = fix.flatMap((step, i) => (step.trial === trial ? [i + 1] : []))
  return fix.map((step, i) =>
    step.trial === trial ? { ...step, trial: { ...trial, together: numbers.filter((one) => one !== i + 1) } } : step,
  )
}

const arrives = (trial: Trial): boolean => trial.tried && trial.arrives === 'yes'

const commandOf = ({ run, on }: FixStep): readonly Command[] => (run ? [{ run, on }] : [])

/** The first path that the fault is about, or that leads through what it is about. */
function pathOf({ about }: Finding, { things }: World): Thing | undefined {
  const paths = [...things.values()].filter(({ kind }) => kind === 'path')
  const own = new Set([...things.values()].filter((thing) => thing.about === about).map(({ id }) => id))
  const touches = ({ links }: Thing): boolean =>
    Object.values(links).some((id) => typeof id === 'string' && own.has(id))
  return paths.find((path) => path.about === about) ?? paths.find(touches)
}

function withTrial(step: FixStep, path: Thing | undefined, world: World): Finding['fix'][number] {
  const { run, on } = step
  if (!run || !isModelled(run)) return step
  const trial = trialOf([{ run, on }], path, world)
  const mends = trial.tried && trial.before !== 'answered' && trial.arrives === 'yes' && trial.worse.length === 0
  return { ...step, trial, ...(mends ? { proven: true } : {}) }
}

function trialOf(commands: readonly Command[], path: Thing | undefined, world: World): Trial {
  if (!path) return { tried: false, because: 'it is on no path that was asked about' }
  const made = whatIf(world, path, commands)
  if (!made.tried) return { tried: false, because: made.because }
  const { walks, others, worse } = made
  const shown = walks.find(({ before }) => before !== 'answered') ?? walks[0]
  if (!shown) return { tried: false, because: 'no address to walk to is known' }
  return {
    tried: true,
    address: shown.what,
    before: shown.before,
    after: shown.after,
    arrives: made.arrives,
    others,
    worse: worse.map(({ what, before, after }) => ({ what, before, after })),
  }
}
