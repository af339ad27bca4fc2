import { printed } from './evidence.ts'
import { clients, names } from './placement.ts'
import { quoted } from './quoted.ts'
import type { Sign } from './report.ts'
import { resolve } from './resolve.ts'
import type { PlacementFailure } from './shapes/runtime.ts'
import type { Thing } from './things.ts'
import { placementLadder } from './tree/placement.ts'
import { startsLadder } from './tree/starts.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './fact.ts'

/** How a group that lacks allocations is told, everywhere; with what the scheduler says of it, where it says something. */
export const lacking = (
  placement: 'partly' | 'not-placed',
  job: string,
  group: string,
  refusal: PlacementFailure | null | undefined,
): string =>
  `group ${job}/${group} has ${placement === 'partly' ? 'fewer allocations than it wants' : 'no allocation on any client'}${why(refusal)}`

function why(refusal: PlacementFailure | null | undefined): string {
  if (!refusal) return ''
  if (refusal.nodesInPool === 0) return ': no client is in its node pool and datacenters'
  const { constraintFiltered, dimensionExhausted } = refusal
  const told = [
    ...Object.entries(constraintFiltered).map(([text, n]) => `"${quoted(text, 120)}" keeps out ${clients(n)}`),
    ...Object.entries(dimensionExhausted).map(([text, n]) => `"${quoted(text, 120)}" is exhausted on ${clients(n)}`),
  ]
  return told.length === 0 ? '' : `: for the scheduler, ${names(told)}`
}

const placing: ReadonlySet<string> = new Set<string>([...placementLadder, ...startsLadder])

/** Groups that have no allocation, or fewer than they want, where no fault that was found says why: a line each. */
export function unplacedOf(scope: readonly Thing[], verdicts: readonly Verdict[], world: World): readonly Sign[] {
  const said = new Set(
    verdicts
      .filter(({ verdict, fault }) => verdict === 'present' && placing.has(fault))
      .flatMap(({ thing }) => {
        const { group, 'target.group': target } = world.things.get(thing)?.links ?? {}
        return [thing, group, target]
      }),
  )
  return scope
    .filter(({ id, kind, draft, links }) => kind === 'group' && !draft && !said.has(id) && !said.has(links.job))
    .flatMap((thing): readonly Sign[] => {
      const held = resolve(world, thing, 'group.placement')
      if (held.state !== 'known' || held.value === 'placed') return []
      const placement = held.value === 'partly' ? 'partly' : 'not-placed'
      const refusals = resolve(world, thing, 'group.refusals')
      const refusal = refusals.state === 'known' ? (refusals.value as PlacementFailure | null) : undefined
      const sentence = lacking(placement, thing.names.job ?? '', thing.names.group ?? '', refusal)
      return [{ about: thing.about, sentence, meets: 'not-placed', evidence: held.seen.map(printed) }]
    })
}
