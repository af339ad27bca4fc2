/** What the job file foretells where nothing measured it: told apart, as neither present nor absent. Pure. */
import { causeIn } from './causes.ts'
import { printed } from './evidence.ts'
import type { World } from './fact.ts'
import type { Fault } from './fault.ts'
import { fixOf } from './fix.ts'
import { value } from './held.ts'
import { readable } from './hole.ts'
import { becauseOf, resolve } from './resolve.ts'
import type { Because, Foretold } from './report.ts'
import type { Thing } from './things.ts'
import type { Verdict } from './verdict.ts'

type Present = Verdict & { verdict: 'present' }
const isPresent = (one: Verdict): one is Present => one.verdict === 'present'

/** Why each fault was not measured for a thing, or for what belongs to it; nothing where it was, or may still be. */
export type Unmeasured = (fault: string, thing: Thing) => readonly Because[] | undefined

/** What was never asked may still come; and what a caller decides is no measurement that is missing. */
const isMissing = ({ why, detail }: Because): boolean =>
  why !== 'not-named' && !(why === 'not-asked' && detail === undefined)

export function unmeasuredIn(verdicts: readonly Verdict[], world: World): Unmeasured {
  const byFault = Map.groupBy(verdicts, ({ fault }) => fault)
  const near = new Map<string, ReturnType<typeof around>>()
  return (fault, thing) => {
    const index = near.get(fault) ?? around(byFault.get(fault) ?? [], world)
    near.set(fault, index)
    const all = index.get(thing.id) ?? []
    if (all.length === 0) return notRunning(thing, world)
    const reasons = all.map((one) =>
      one.verdict === 'unknown' && one.because.every(isMissing)
        ? one.because
        : one.verdict === 'absent' && one.idle
          ? [nothing(one.reason)]
          : undefined,
    )
    return reasons.every((one) => one !== undefined) ? reasons.flat() : undefined
  }
}

/** The verdicts about each thing, and about what belongs to it. */
function around(verdicts: readonly Verdict[], world: World): ReadonlyMap<string, readonly Verdict[]> {
  const found = new Map<string, Verdict[]>()
  for (const one of verdicts) {
    const { cluster: _, ...links } = world.things.get(one.thing)?.links ?? {}
    for (const id of new Set([one.thing, ...Object.values(links)])) {
      if (typeof id !== 'string') continue
      const own = found.get(id)
      if (own) own.push(one)
      else found.set(id, [one])
    }
  }
  return found
}

const nothing = (detail: string): Because => ({ fact: 'group.current', why: 'not-found', detail })

/** Of a group without an allocation that runs there is nothing to measure. */
function notRunning(thing: Thing, world: World): readonly Because[] | undefined {
  if (thing.kind !== 'group' && thing.kind !== 'task') return undefined
  const held = resolve(world, thing, 'group.current')
  if (held.state === 'unknown') return isMissing(held) ? [becauseOf(held)] : undefined
  const current = value(world, thing.kind === 'group' ? thing.id : (thing.links.group ?? ''), 'group.current') ?? []
  return current.some(({ clientStatus }) => clientStatus === 'running' || clientStatus === 'complete')
    ? undefined
    : [nothing('no allocation of the group runs')]
}

/** A group that nobody wants to run foretells nothing. */
function isWanted({ id, kind, links }: Thing, world: World): boolean {
  const group = value(world, kind === 'group' ? id : (links.group ?? ''), 'group.spec')
  return readable(() => group?.count !== 0 && value(world, links.job ?? '', 'job.spec')?.stopped !== true, false)
}

/** The worst first; neither risks, nor what only follows from what was found, nor anything where a connection was seen to stand. */
export function foretoldOf(
  foretold: readonly Verdict[],
  verdicts: readonly Verdict[],
  unmeasured: Unmeasured,
  faults: ReadonlyMap<string, Fault>,
  world: World,
): readonly Foretold[] {
  const paths = [...world.things.values()].filter(({ kind }) => kind === 'path')
  if (paths.some(({ id }) => value(world, id, 'path.reached') === 'answered')) return []
  const told = foretold.filter(isPresent).filter(({ severity }) => severity !== 'risks')
  const causeOf = causeIn([...verdicts.filter(isPresent), ...told], faults, world)
  return told
    .filter((one) => causeOf(one) === undefined)
    .toSorted((a, b) => Number(a.severity === 'degrades') - Number(b.severity === 'degrades'))
    .flatMap((one): readonly Foretold[] => {
      const [thing, rule] = [world.things.get(one.thing), faults.get(one.fault)?.foretold]
      const because = thing && unmeasured(one.fault, thing)
      if (!thing || !rule || !because || !isWanted(thing, world)) return []
      const { fault: id, about, severity, says } = one
      const doc = `docs/faults/${id}.md`
      return [
        {
          id,
          about,
          severity,
          sentence: says,
          because,
          evidence: one.evidence.map(printed),
          fix: one.fix ?? fixOf(rule, one),
          doc,
        },
      ]
    })
}
