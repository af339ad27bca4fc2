import type { Ask } from '../ask/request.ts'
import { derive } from '../derive/derive.ts'
import { derivations } from '../derive/index.ts'
import { base, scope, things, type Aim } from '../derive/things.ts'
import { plan, type Run } from '../engine/plan.ts'
import { report, type Report } from '../engine/report.ts'
import { survey } from '../engine/survey.ts'
import type { Verdict } from '../engine/judge.ts'
import { walk, type Told, type Walked } from '../engine/walk.ts'
import type { Held, World } from '../knowledge/fact.ts'
import { faultById, faultList } from '../knowledge/faults/index.ts'
import { resolve, type Spot } from '../knowledge/resolve.ts'
import type { Thing } from '../knowledge/things.ts'
import { faultOrder, questions, root } from '../knowledge/tree/index.ts'
import { probes } from '../probes/index.ts'
import type { AnyProbe } from '../probes/probe.ts'

/** What a run holds: facts by thing, as probes brought them. Everything else is a function of this. */
export type RawFacts = ReadonlyMap<string, ReadonlyMap<string, Held<unknown>>>

/** Everything that follows from facts, aim and told answers. */
export interface Picture {
  readonly world: World
  readonly scope: readonly Thing[]
  readonly verdicts: readonly Verdict[]
  readonly walked: Walked
  readonly report: Report
}

/** The one path from facts to a report: same replies and same answers give the same picture. */
export function picture(aim: Aim, facts: RawFacts, told: Told): Picture {
  const world = derive({ things: things(aim, facts), facts }, derivations)
  const scoped = scope(aim, world)
  const verdicts = survey(faultList, scoped, world)
  const answers =
    aim.kind === 'path' && aim.subject.symptom !== 'unknown'
      ? { symptom: aim.subject.symptom, ...told.answers }
      : told.answers
  const walked = walk(root, verdicts, primary(scoped, verdicts), world, { ...told, answers })
  return { world, scope: scoped, verdicts, walked, report: report(faultById, verdicts, walked, world, faultOrder) }
}

/** The path the questions are about: of several instances the first one with a fault of its own. */
function primary(scoped: readonly Thing[], verdicts: readonly Verdict[]): Thing | undefined {
  const paths = scoped.filter(({ kind }) => kind === 'path')
  const broken = new Set(
    verdicts
      .filter((verdict) => verdict.verdict === 'present' && verdict.severity !== 'risks')
      .map(({ thing }) => thing),
  )
  const touched = (path: Thing) => Object.values(path.links).some((id) => typeof id === 'string' && broken.has(id))
  return paths.find(({ id }) => broken.has(id)) ?? paths.find(touched) ?? paths[0]
}

export interface Progress {
  readonly started: (run: { probe: AnyProbe; thing: Thing }) => void
  readonly found: (run: { probe: AnyProbe; thing: Thing }, facts: RawFacts) => void
}

const byId = new Map(probes.map((probe) => [probe.id, probe]))

/**
 * Looks until nothing more can be learnt: plans what the open verdicts and questions need, runs it concurrently, and
 * plans again as answers arrive. A slow or failing probe holds up nobody else. Never rejects.
 */
export const gather = (
  aim: Aim,
  ask: Ask,
  before: RawFacts,
  told: () => Told,
  progress: Progress = quietly,
  signal?: AbortSignal,
): Promise<RawFacts> => lookWhile((facts) => open(aim, facts, told()), ask, before, progress, signal)

/** Learns just these facts of the cluster, and what they need: lists to choose names from. */
export const learn = (wanted: readonly Spot[], aim: Aim, ask: Ask, before: RawFacts = new Map()): Promise<RawFacts> =>
  lookWhile(
    (facts) => {
      const world = derive({ things: things(aim, facts), facts }, derivations)
      return { world, runs: plan(wanted, world, probes, derivations) }
    },
    ask,
    before,
    quietly,
  )

const quietly: Progress = { started: () => {}, found: () => {} }

async function lookWhile(
  next: (facts: RawFacts) => { world: World; runs: readonly Run[] },
  ask: Ask,
  before: RawFacts,
  progress: Progress,
  signal?: AbortSignal,
): Promise<RawFacts> {
  let facts: RawFacts = before
  const done = new Set<string>()
  const running = new Set<Promise<void>>()
  for (;;) {
    const { world, runs } = next(facts)
    for (const run of signal?.aborted ? [] : runs) {
      const probe = byId.get(run.probe)
      if (!probe || done.has(key(run))) continue
      done.add(key(run))
      progress.started({ probe, thing: run.thing })
      const finish = async () => {
        const found = await look(probe, run.thing, world, ask)
        facts = merge(facts, run.thing.id, found)
        progress.found({ probe, thing: run.thing }, facts)
      }
      const work: Promise<void> = finish().finally(() => running.delete(work))
      running.add(work)
    }
    if (running.size === 0) return facts
    await Promise.race(running)
    await new Promise((turn) => setImmediate(turn)) // let everything that is ready arrive before planning again
  }
}

const key = ({ probe, thing }: Run): string => `${probe} ${thing.id}`

/** The probes that would bring the picture on. */
function open(aim: Aim, facts: RawFacts, told: Told): { world: World; runs: readonly Run[] } {
  const { world, verdicts, scope: scoped } = picture(aim, facts, told)
  const wanted: Spot[] = [
    ...base(aim, world),
    ...verdicts.flatMap((verdict) => (verdict.verdict === 'unknown' ? verdict.at : [])),
  ]
  for (const path of scoped.filter(({ kind }) => kind === 'path'))
    for (const { reads } of questions) {
      const found = reads && resolve(world, path, reads)
      if (found && found.state === 'unknown') wanted.push(...found.at)
    }
  return { world, runs: plan(wanted, world, probes, derivations) }
}

/** One probe over one thing. A crash is our bug: its facts are unknown, reason `failed`. */
async function look(
  probe: AnyProbe,
  thing: Thing,
  world: World,
  ask: Ask,
): Promise<Readonly<Record<string, Held<unknown>>>> {
  try {
    const given = Object.fromEntries(
      probe.given.map((need) => {
        const found = resolve(world, thing, need)
        return [need, found.state === 'known' ? found.value : undefined]
      }),
    )
    return probe.parse(await probe.read(ask, thing, given), thing, given)
  } catch (error) {
    const detail = `this is our bug, in probe ${probe.id}: ${error instanceof Error ? error.message : String(error)}`
    return Object.fromEntries(probe.provides.map((fact) => [fact, { known: false, why: 'failed', detail } as const]))
  }
}

export function merge(facts: RawFacts, thing: string, found: Readonly<Record<string, Held<unknown>>>): RawFacts {
  const own = new Map(facts.get(thing) ?? [])
  for (const [fact, held] of Object.entries(found)) own.set(fact, held)
  return new Map(facts).set(thing, own)
}

/** Forgets the facts behind a fault's needs on all things, so that the next run looks again. */
export function forget(facts: RawFacts, keep: (thing: string, fact: string) => boolean): RawFacts {
  return new Map([...facts].map(([thing, held]) => [thing, new Map([...held].filter(([fact]) => keep(thing, fact)))]))
}
