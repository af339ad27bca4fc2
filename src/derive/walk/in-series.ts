import type { Finding, Trial } from '../../knowledge/report.ts'

type Steps = Finding['fix']

/** A finding whose steps were tried, and how others are tried on the same path. */
export interface Alone {
  readonly finding: Finding
  readonly steps: Steps
  readonly along?: { readonly path: string; readonly tryAll: (steps: Steps) => Trial }
}

export const arrives = (trial: Trial | undefined): boolean => trial?.tried === true && trial.arrives === 'yes'

/** With it alone the packet still does not arrive. */
export const isShort = ({ trial }: Steps[number]): boolean =>
  trial?.tried === true && trial.before !== 'answered' && trial.arrives === 'no'

const fails = ({ trial }: Steps[number]): boolean =>
  trial?.tried === true && trial.before !== 'answered' && trial.arrives === 'no' && trial.after === trial.before

/** What does not help when it is tried comes after the rest, but for what a step that helps goes on from. */
export function ordered(steps: Steps): Steps {
  const from = steps.findLastIndex(
    (step) => step.trial?.tried === true && step.trial.upon !== undefined && !fails(step),
  )
  const rest = steps.slice(from + 1)
  return [...steps.slice(0, from + 1), ...rest.filter((step) => !fails(step)), ...rest.filter(fails)]
}

/** Such a step is done in place of those before it. */
export const isAlternative = ({ do: what }: Steps[number]): boolean => what.startsWith('Or ')

/** A step that begins with And goes on from those before it, back to where the last alternative begins: it is tried with them. */
export const goingOn = (steps: Steps, tryAll: (steps: Steps) => Trial): Steps =>
  steps.map((step, i) => {
    const start = steps.findLastIndex((one, at) => at < i && isAlternative(one))
    const before = steps.slice(Math.max(start, 0), i).filter(({ run }) => run)
    if (!step.trial || !step.do.startsWith('And ') || before.length === 0) return step
    const trial = tryAll([...before, step])
    const { proven: _, ...bare } = step
    return trial.tried ? { ...bare, trial: { ...trial, upon: before.length } } : step
  })

/**
 * Where several faults stop the packet one after the other, no cure helps alone: then its commands are tried with those
 * of the others.
 */
export const inSeries = (all: readonly Alone[]): readonly Alone[] =>
  all.map((one) => (one.along && isStuck(one) ? { ...one, steps: joined(one, one.along, all) } : one))

const isStuck = ({ finding, steps, along }: Alone): boolean =>
  along !== undefined &&
  finding.severity === 'breaks' &&
  finding.explainedBy === undefined &&
  steps.some(isShort) &&
  !steps.some(({ trial }) => arrives(trial))

function joined(one: Alone, { path, tryAll }: NonNullable<Alone['along']>, all: readonly Alone[]): Steps {
  const others = all.filter((other) => other !== one && other.along?.path === path && isStuck(other))
  const pool = [one, ...others].flatMap(({ steps }) => steps.filter(isShort))
  const needed = others.length === 0 ? undefined : fewest(pool, tryAll)
  const trial = needed && tryAll(needed)
  if (!needed || !trial?.tried) return one.steps
  const besides = others.flatMap(({ finding, steps }) =>
    steps.some((step) => needed.includes(step)) ? [finding.id] : [],
  )
  return sharing(one.steps, [{ steps: needed, trial: { ...trial, besides } }])
}

/** Of steps that mend it together those that it takes, the first ones where it takes only some; undefined where all of them do not. */
export function fewest(pool: Steps, tryAll: (steps: Steps) => Trial): Steps | undefined {
  const mends = (steps: Steps): boolean => steps.length > 0 && arrives(tryAll(steps))
  if (!mends(pool)) return undefined
  return pool.reduceRight((left, step) => {
    const rest = left.filter((kept) => kept !== step)
    return mends(rest) ? rest : left
  }, pool)
}

/** Steps that were tried with one another. */
export interface Group {
  readonly steps: Steps
  readonly trial: Trial
}

/** Steps of which some were tried together: each of those says with which of the others, by their numbers. */
export function sharing(steps: Steps, groups: readonly Group[]): Steps {
  const fix = ordered(
    steps.map((step) => {
      const trial = groups.find((group) => group.steps.includes(step))?.trial
      return trial ? { ...step, trial } : step
    }),
  )
  return fix.map((step, i) => {
    const shared = groups.some(({ trial }) => trial === step.trial)
    const others = fix.flatMap((other, at) => (shared && at !== i && other.trial === step.trial ? [at + 1] : []))
    return step.trial?.tried && others.length > 0 ? { ...step, trial: { ...step.trial, together: others } } : step
  })
}
