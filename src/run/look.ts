import type { Ask } from '../ask/request.ts'
import type { Run } from '../engine/plan.ts'
import type { Held, World } from '../knowledge/fact.ts'
import { resolve } from '../knowledge/resolve.ts'
import type { Thing } from '../knowledge/things.ts'
import { probes } from '../probes/index.ts'
import type { AnyProbe } from '../probes/probe.ts'

/** What a run holds: facts by thing, as probes brought them. Everything else is a function of this. */
export type RawFacts = ReadonlyMap<string, ReadonlyMap<string, Held<unknown>>>
type Found = Readonly<Record<string, Held<unknown>>>

export interface Progress {
  readonly started: (run: { probe: AnyProbe; thing: Thing }) => void
  readonly found: (run: { probe: AnyProbe; thing: Thing }, facts: RawFacts) => void
}
export const quietly: Progress = { started: () => {}, found: () => {} }

/** What to look at next, given the facts so far. */
export interface Next {
  readonly world: World
  readonly runs: readonly Run[]
}

const byId = new Map(probes.map((probe) => [probe.id, probe]))
const key = ({ probe, thing }: Run): string => `${probe} ${thing.id}`

/**
 * Looks until `next` wants nothing more. Plans again as answers arrive, so that a slow probe holds up nobody else; how
 * often depends on what planning costs.
 */
export async function lookWhile(
  next: (facts: RawFacts) => Next,
  ask: Ask,
  before: RawFacts,
  progress: Progress,
  signal?: AbortSignal,
): Promise<RawFacts> {
  let facts = before
  let inRounds = true
  const looked = new Map<string, Promise<Found>>()
  let running = 0
  let arrived: { readonly run: { probe: AnyProbe; thing: Thing }; readonly found: Found }[] = []
  let arrival = Promise.withResolvers<void>()
  /** All at once: with many things each copy of the facts is dear. */
  const take = () => {
    if (arrived.length === 0) return
    facts = merged(
      facts,
      arrived.map(({ run, found }) => [run.thing.id, found] as const),
    )
    for (const { run } of arrived) progress.found(run, facts)
    arrived = []
    arrival = Promise.withResolvers<void>()
  }
  for (;;) {
    const start = Date.now()
    const { world, runs } = next(facts)
    const cost = Date.now() - start
    const rest = running
    for (const run of signal?.aborted ? [] : runs) {
      const probe = byId.get(run.probe)
      if (!probe || looked.has(key(run))) continue
      if (rest > 0) inRounds = false
      const looking = look(probe, run.thing, world, ask)
      looked.set(key(run), looking)
      running++
      progress.started({ probe, thing: run.thing })
      const finish = async () => {
        const found = await looking
        running--
        arrived.push({ run: { probe, thing: run.thing }, found })
        arrival.resolve()
      }
      void finish()
    }
    if (running === 0 && arrived.length === 0) break
    await arrival.promise
    await new Promise((turn) => setImmediate(turn)) // let everything that is ready arrive before planning again
    take()
    if (running === 0) continue
    await new Promise((turn) => setTimeout(turn, cost))
    take()
  }
  return inRounds || signal?.aborted ? facts : again(next, ask, before, looked)
}

/**
 * What is looked at depends a little on the order in which answers arrive: a fact that comes early may make another one
 * unnecessary. So that the same replies always give the same report, the same answers are taken once more in rounds.
 */
async function again(
  next: (facts: RawFacts) => Next,
  ask: Ask,
  before: RawFacts,
  looked: Map<string, Promise<Found>>,
): Promise<RawFacts> {
  let facts = before
  const taken = new Set<string>()
  for (;;) {
    const { world, runs } = next(facts)
    const fresh = runs.filter((run) => byId.has(run.probe) && !taken.has(key(run)))
    if (fresh.length === 0) return facts
    const found = fresh.map(async (run): Promise<readonly [string, Found]> => {
      const probe = byId.get(run.probe)
      taken.add(key(run))
      return [run.thing.id, await (looked.get(key(run)) ?? (probe ? look(probe, run.thing, world, ask) : {}))]
    })
    facts = merged(facts, await Promise.all(found))
  }
}

/** One probe over one thing. A crash is our bug: its facts are unknown, reason `failed`. */
async function look(probe: AnyProbe, thing: Thing, world: World, ask: Ask): Promise<Found> {
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

function merged(facts: RawFacts, all: readonly (readonly [thing: string, found: Found])[]): RawFacts {
  const result = new Map(facts)
  for (const [thing, found] of all) {
    const own = new Map(result.get(thing))
    for (const fact of Object.keys(found)) own.set(fact, found[fact] as Held<unknown>)
    result.set(thing, own)
  }
  return result
}
