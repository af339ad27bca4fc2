import { memoOf } from '../memo.ts'
import type { World } from '../knowledge/fact.ts'
import type { Need } from '../knowledge/facts.ts'
import type { Cost, Deriver, Looker } from '../knowledge/origin.ts'
import type { Thing } from '../knowledge/things.ts'
import { resolve, type Spot } from '../knowledge/resolve.ts'

export interface Run {
  readonly probe: string
  readonly thing: Thing
}

const order: readonly Cost[] = ['free', 'slow', 'intrusive']

/**
 * The probes that would settle the wanted spots, cheapest first. A derived fact is traced back to what it is derived
 * from, a probe to what must be known before it can look. What was asked before is not asked again.
 */
export function plan(
  wanted: readonly Spot[],
  world: World,
  probes: readonly Looker[],
  derivations: readonly Deriver[],
): readonly Run[] {
  const origin = originsOf(probes)
  const derived = deriversOf(derivations)
  const runs = new Map<string, { run: Run; cost: Cost }>()
  const visited = new Set<string>()
  const queue = [...wanted]
  const push = (thing: Thing, needs: readonly Need[]) => {
    for (const need of needs) {
      const found = resolve(world, thing, need)
      if (found.state === 'unknown') for (const spot of found.at) queue.push(spot)
    }
  }
  for (let spot = queue.pop(); spot; spot = queue.pop()) {
    const key = `${spot.thing} ${spot.fact}`
    if (visited.has(key)) continue
    visited.add(key)
    const thing = world.things.get(spot.thing)
    if (!thing) continue
    const derivation = derived.get(spot.fact)
    if (derivation?.about === thing.kind) push(thing, wantedBy(derivation, thing, world))
    const probe = derivation ? undefined : origin.get(spot.fact)
    if (!probe || probe.about !== thing.kind || world.facts.get(thing.id)?.has(spot.fact)) continue
    const ready = probe.given.every((need) => resolve(world, thing, need).state === 'known')
    if (ready) runs.set(`${probe.id} ${thing.id}`, { run: { probe: probe.id, thing }, cost: probe.cost })
    else push(thing, probe.given)
  }
  return [...runs.values()].toSorted((a, b) => order.indexOf(a.cost) - order.indexOf(b.cost)).map(({ run }) => run)
}

// The lists are the same in every round.
const originsOf = memoOf(
  (probes: readonly Looker[]): ReadonlyMap<string, Looker> =>
    new Map(probes.flatMap((probe) => probe.provides.map((fact) => [fact, probe] as const))),
)
const deriversOf = memoOf(
  (derivations: readonly Deriver[]): ReadonlyMap<string, Deriver> =>
    new Map(derivations.map((derivation) => [derivation.provides, derivation])),
)

function wantedBy({ from, maybe = [], waits }: Deriver, thing: Thing, world: World): readonly Need[] {
  const early = waits !== undefined && from.some((need) => resolve(world, thing, need).state !== 'known')
  return early ? from : [...from, ...maybe]
}
