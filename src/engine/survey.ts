import type { World } from '../knowledge/fact.ts'
import type { Fault } from '../knowledge/fault.ts'
import type { Thing } from '../knowledge/things.ts'
import { judge, type Verdict } from './judge.ts'

/** Every verdict: each fault over each thing of its kind. */
export function survey(faults: readonly Fault[], things: readonly Thing[], world: World): readonly Verdict[] {
  const byKind = Map.groupBy(things, ({ kind }) => kind)
  return faults.flatMap((fault) => (byKind.get(fault.about) ?? []).map((thing) => judge(fault, thing, world)))
}

/** The worst of a fault's verdicts: present before unknown before absent; among the present the most severe. */
export function worst(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.toSorted((a, b) => weight(a) - weight(b))[0]
}
const severities = ['breaks', 'degrades', 'risks']
const weight = (verdict: Verdict): number =>
  verdict.verdict === 'present' ? severities.indexOf(verdict.severity) : verdict.verdict === 'unknown' ? 3 : 4
