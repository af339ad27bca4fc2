import type { World } from '../../knowledge/fact.ts'
import type { FixStep } from '../../knowledge/fault.ts'
import { faultById } from '../../knowledge/faults/index.ts'
import { value } from '../../knowledge/held.ts'
import type { Finding, Report, Trial } from '../../knowledge/report.ts'
import type { Thing } from '../../knowledge/things.ts'
import { isModelled } from '../../packet/change/index.ts'
import { whyUntried } from './untried.ts'
import {
  fewest,
  goingOn,
  inSeries,
  isAlternative,
  isShort,
  ordered,
  sharing,
  type Alone,
  type Group,
} from './in-series.ts'
import { whatIf, type Command } from './what-if.ts'

/** The same report, and at every step of a cure that is a command the walk models: what the walk says of it. */
export const withTrials = (report: Report, world: World): Report => ({
  ...report,
  findings: inSeries(report.findings.map((finding) => triedAlone(finding, world))).map(({ finding, steps }) =>
    steps === finding.fix ? finding : { ...finding, fix: steps },
  ),
})

/** Its steps, each tried alone, and with one another where only that helps. */
function triedAlone(finding: Finding, world: World): Alone {
  const path = pathOf(finding, world)
  const met = path !== undefined && isOfPackets(finding)
  if (!met && !finding.fix.some(({ run }) => run && isModelled(run))) return { finding, steps: finding.fix }
  const tried: Tried = { path, world }
  const alone = finding.fix.map((step) => withTrial(step, tried, met))
  if (!path) return { finding, steps: alone }
  const tryAll = (steps: Finding['fix']): Trial => trialOf(steps.flatMap(commandOf), tried)
  const shared = together(alone, tryAll)
  const steps = shared === alone ? ordered(goingOn(alone, tryAll)) : shared
  return { finding, steps, along: { path: path.id, tryAll } }
}

/** What commands are tried on. */
interface Tried {
  readonly path: Thing | undefined
  readonly world: World
}

/** Whether packets meet the fault on their way; a file, a name or a placement is none to be tried. */
const isOfPackets = ({ id }: Finding): boolean => {
  const layer = faultById.get(id)?.layer
  return layer === 'node' || layer === 'bridge'
}

/**
 * Steps none of which mends it alone, and that mend it together, are shown as tried together; none is spare, and those
 * offered first stay. What is offered instead of them may do so, too, and comes after the rest.
 */
function together(alone: Finding['fix'], tryAll: (steps: Finding['fix']) => Trial): Finding['fix'] {
  const short = alone.filter(isShort)
  // An alternative may undo what it stands for.
  const first =
    groupIn(
      short.filter((step) => !isAlternative(step)),
      tryAll,
    ) ?? groupIn(short, tryAll)
  if (!first) return alone
  const groups = [first, ...groupsIn(without(short, first), tryAll)]
  const instead = groups.slice(1).flatMap(({ steps }) => steps)
  return sharing([...alone.filter((step) => !instead.includes(step)), ...instead], groups)
}

function groupIn(steps: Finding['fix'], tryAll: (steps: Finding['fix']) => Trial): Group | undefined {
  const needed = steps.length < 2 ? undefined : fewest(steps, tryAll)
  return needed && { steps: needed, trial: tryAll(needed) }
}

function groupsIn(steps: Finding['fix'], tryAll: (steps: Finding['fix']) => Trial): readonly Group[] {
  const group = groupIn(steps, tryAll)
  return group ? [group, ...groupsIn(without(steps, group), tryAll)] : []
}

const without = (all: Finding['fix'], { steps }: Group): Finding['fix'] => all.filter((step) => !steps.includes(step))

const commandOf = ({ run, on }: FixStep): readonly Command[] => (run ? [{ run, on }] : [])

/** The first path that the fault is about, or that leads through what it is about. */
function pathOf({ about }: Finding, { things }: World): Thing | undefined {
  const paths = [...things.values()].filter(({ kind }) => kind === 'path')
  const own = new Set([...things.values()].filter((thing) => thing.about === about).map(({ id }) => id))
  const touches = ({ links }: Thing): boolean =>
    Object.values(links).some((id) => typeof id === 'string' && own.has(id))
  return paths.find((path) => path.about === about) ?? paths.find(touches)
}

function withTrial(step: FixStep, tried: Tried, met: boolean): Finding['fix'][number] {
  const { run, on } = step
  if (!run) return step
  const because = whyUntried(run)
  if (because !== undefined) return met ? { ...step, trial: { tried: false, because } } : step
  if (!isModelled(run)) return step
  const trial = trialOf([{ run, on }], tried)
  const broken = trial.tried && (trial.before !== 'answered' || trial.strayed !== undefined)
  const mends = broken && trial.arrives === 'yes' && trial.worse.length === 0
  return { ...step, trial, ...(mends ? { proven: true } : {}) }
}

/** Where a step runs: on every client, unless it names its place. */
function placed({ on, run }: Command, { world }: Tried, path: Thing): readonly Command[] {
  const places = Object.entries(value(world, path.id, 'path.network')?.places ?? {})
  const clients = places.filter(([, { kind }]) => kind === 'client')
  return on === 'both clients' ? clients.map(([place]) => ({ on: place, run })) : [{ on, run }]
}

function trialOf(commands: readonly Command[], tried: Tried): Trial {
  const { path, world } = tried
  if (!path) return { tried: false, because: 'it is on no path that was asked about' }
  const made = whatIf(
    world,
    path,
    commands.flatMap((one) => placed(one, tried, path)),
  )
  if (!made.tried) return { tried: false, because: made.because }
  const { walks, others, worse } = made
  const shown = walks.find(({ before, strayed }) => before !== 'answered' || strayed !== undefined) ?? walks[0]
  if (!shown) return { tried: false, because: 'no address to walk to is known' }
  return {
    tried: true,
    address: shown.what,
    before: shown.before,
    after: shown.after,
    ...(shown.strayed === undefined ? {} : { strayed: shown.strayed }),
    arrives: made.arrives,
    others,
    ...(made.left > 0 ? { left: made.left } : {}),
    worse: worse.map(({ what, before, after }) => ({ what, before, after })),
  }
}
