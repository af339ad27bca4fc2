import type { World } from '../../knowledge/fact.ts'
import type { FixStep } from '../../knowledge/fault.ts'
import type { Finding, Report, Trial } from '../../knowledge/report.ts'
import type { Thing } from '../../knowledge/things.ts'
import { isModelled } from '../../packet/change/index.ts'
import { whatIf } from './what-if.ts'

/** The same report, and at every step of a cure that is a command the walk models: what the walk says of it. */
export const withTrials = (report: Report, world: World): Report => ({
  ...report,
  findings: report.findings.map((finding) => {
    if (!finding.fix.some(({ run }) => run && isModelled(run))) return finding
    const path = pathOf(finding, world)
    return { ...finding, fix: ordered(finding.fix.map((step) => withTrial(step, path, world))) }
  }),
})

const fails = ({ trial }: Finding['fix'][number]): boolean =>
  trial?.tried === true && trial.before !== 'answered' && trial.arrives === 'no' && trial.after === trial.before

/** What does not help when it is tried comes after the rest. */
const ordered = (steps: Finding['fix']): Finding['fix'] => [
  ...steps.filter((step) => !fails(step)),
  ...steps.filter(fails),
]

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
  const trial = trialOf(run, on, path, world)
  const mends = trial.tried && trial.before !== 'answered' && trial.arrives === 'yes' && trial.worse.length === 0
  return { ...step, trial, ...(mends ? { proven: true } : {}) }
}

function trialOf(run: readonly string[], on: string, path: Thing | undefined, world: World): Trial {
  if (!path) return { tried: false, because: 'it is on no path that was asked about' }
  const made = whatIf(world, path, [{ on, run }])
  if (!made.tried) return { tried: false, because: made.because }
  const { walks, arrives, others, worse } = made
  const shown = walks.find(({ before }) => before !== 'answered') ?? walks[0]
  if (!shown) return { tried: false, because: 'no address to walk to is known' }
  return {
    tried: true,
    address: shown.what,
    before: shown.before,
    after: shown.after,
    arrives,
    others,
    worse: worse.map(({ what, before, after }) => ({ what, before, after })),
  }
}
