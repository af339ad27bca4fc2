import type { World } from '../knowledge/fact.ts'
import type { Fault } from '../knowledge/fault.ts'
import type { Thing } from '../knowledge/things.ts'
import type { Checks } from '../knowledge/told.ts'
import { knownOf } from '../knowledge/fix.ts'
import { judge } from './judge.ts'
import type { Verdict } from '../knowledge/verdict.ts'

/** Every verdict: each fault over each thing of its kind, and what it foretells over things that are only files. `by`: `judge`, which may remember. */
export function survey(
  faults: readonly Fault[],
  things: readonly Thing[],
  world: World,
  checks: Checks = {},
  by = judge,
): readonly Verdict[] {
  const byKind = Map.groupBy(things, ({ kind }) => kind)
  const drafts = Map.groupBy(
    things.filter(({ draft }) => draft === true),
    ({ kind }) => kind,
  )
  const verdicts: Verdict[] = []
  const judged = (fault: Fault, thing: Thing) => settled(by(fault, thing, world), fault, checks, thing, world)
  for (const fault of faults) {
    for (const thing of byKind.get(fault.about) ?? []) verdicts.push(judged(fault, thing))
    const { foretold } = fault
    if (!foretold) continue
    for (const thing of drafts.get(foretold.about) ?? []) verdicts.push({ ...judged(foretold, thing), foretold: true })
  }
  return verdicts
}

/** What files foretell of things that exist, where `open` says that nothing measured it: kept apart from the verdicts. */
export function foretell(
  faults: readonly Fault[],
  things: readonly Thing[],
  world: World,
  open: (fault: string, thing: Thing) => boolean,
  by = judge,
): readonly Verdict[] {
  return faults.flatMap(({ id, foretold }) =>
    (foretold ? things : []).flatMap((thing) =>
      foretold && !thing.draft && thing.kind === foretold.about && open(id, thing) ? [by(foretold, thing, world)] : [],
    ),
  )
}

/** A check by hand settles what is not known, and nothing else. */
function settled(judged: Verdict, fault: Fault, checks: Checks, thing: Thing, world: World): Verdict {
  const { id, title, severity } = fault
  const verdict = judged.verdict === 'unknown' && Object.hasOwn(checks, id) ? checks[id] : undefined
  if (verdict === undefined) return judged
  const told = { fault: id, thing: judged.thing, about: judged.about, by: 'told', evidence: [] } as const
  if (verdict === 'absent') return { ...told, verdict, reason: 'a check by hand does not show it' }
  const given = knownOf(fault, thing, world)
  return { ...told, verdict, says: `${title}, as a check by hand showed`, severity, given }
}

/** The worst of a fault's verdicts: present before unknown before absent; among the present the most severe, and last what is beside the question. */
export function worst(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.toSorted((a, b) => weight(a) - weight(b))[0]
}
const severities = ['breaks', 'degrades', 'risks']
const weight = (verdict: Verdict): number =>
  verdict.verdict === 'present'
    ? verdict.beside
      ? severities.length
      : severities.indexOf(verdict.severity)
    : verdict.verdict === 'unknown'
      ? 4
      : 5
