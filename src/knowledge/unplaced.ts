import { printed } from './evidence.ts'
import type { Sign } from './report.ts'
import { resolve } from './resolve.ts'
import type { Thing } from './things.ts'
import { placementLadder } from './tree/placement.ts'
import { startsLadder } from './tree/starts.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './fact.ts'

/** How a group that lacks allocations is told, everywhere. */
export const lacking = (placement: 'partly' | 'not-placed', job: string, group: string): string =>
  `group ${job}/${group} has ${placement === 'partly' ? 'fewer allocations than it wants' : 'no allocation on any client'}`

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
      const sentence = lacking(placement, thing.names.job ?? '', thing.names.group ?? '')
      return [{ about: thing.about, sentence, meets: 'not-placed', evidence: held.seen.map(printed) }]
    })
}
