import { ruledOut, without } from '../knowledge/condition.ts'
import type { Seen, World } from '../knowledge/fact.ts'
import { eachOnce } from '../knowledge/evidence.ts'
import type { Fault, Holds, Wrong } from '../knowledge/fault.ts'
import { NotEvaluable } from '../knowledge/hole.ts'
import { locationOf } from '../knowledge/place.ts'
import type { Thing } from '../knowledge/things.ts'
import { becauseOf, resolve } from '../knowledge/resolve.ts'
import type { Part, Verdict } from '../knowledge/verdict.ts'

/**
 * One fault over one thing. `onlyWhen` and `versions` first, so that a known mismatch rules the fault out even where nothing else is
 * known; then unknown if a need is missing; then `holds` on a record of exactly the declared facts.
 */
export function judge(fault: Fault, thing: Thing, world: World): Verdict {
  const risk = fault.severity === 'risks' ? { risk: true as const } : {}
  const judged = { fault: fault.id, thing: thing.id, about: thing.about, ...risk }
  const { out, missing } = ruledOut(fault, thing, world)
  if (out) return { ...judged, verdict: 'absent', ...out }
  const open = missing.length
  // What may still rule it out is asked first: its needs may be costly, and are asked for nothing where it cannot hold.
  const first = missing.flatMap(({ why, at }) => (why === 'not-asked' ? at : []))
  const given: Record<string, unknown> = {}
  const seen = new Map<string, readonly Seen[]>()
  for (const need of fault.needs) {
    const found = resolve(world, thing, need)
    if (found.state === 'nobody') return { ...judged, verdict: 'absent', ...without(found.role, thing) }
    if (found.state === 'unknown') missing.push(found)
    else {
      given[need] = found.value
      seen.set(need, found.seen)
    }
  }
  const because = missing.map(becauseOf)
  const at = first.length > 0 ? first : missing.flatMap((one) => one.at)
  const unknown: Verdict = { ...judged, verdict: 'unknown', because, at }
  if (missing.length > open) return unknown
  const evidence = eachOnce((fault.shows ?? fault.needs).flatMap((need) => seen.get(need) ?? []))
  try {
    const holds = fault.holds(given)
    if (holds === false) return { ...judged, verdict: 'absent', reason: 'the facts do not show it', evidence }
    if (open > 0) return unknown
    const said = typeof holds === 'string' ? ({ says: holds } as Holds) : holds
    const { severity = fault.severity, also, ports, ...first } = said
    const found = { ...judged, ...partOf(first), verdict: 'present', severity, ...(ports ? { ports } : {}) } as const
    return { ...found, ...(also ? { also: also.map(partOf) } : {}), evidence, given }
  } catch (error) {
    const [need = ''] = fault.needs
    if (error instanceof NotEvaluable)
      return { ...unknown, because: [{ fact: need, why: 'not-evaluable', detail: error.message }], at: [] }
    const detail = `this is our bug, judging ${fault.id}: ${error instanceof Error ? error.message : String(error)}`
    return { ...judged, verdict: 'unknown', because: [{ fact: fault.id, why: 'failed', detail }], at: [] }
  }
}

function partOf({ says, at, fix }: Wrong): Part {
  const location = at && locationOf(at)
  return { says, ...(location ? { location } : {}), ...(fix ? { fix } : {}) }
}
