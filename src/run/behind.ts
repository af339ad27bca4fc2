import { derivations } from '../derive/index.ts'
import { faultById } from '../knowledge/faults/index.ts'
import type { Need } from '../knowledge/facts.ts'
import { parts } from '../knowledge/resolve.ts'
import { forget, type RawFacts } from './loop.ts'

/** The facts without those that a fault rests on, directly or through what they are derived from. */
export function behind(fault: string, facts: RawFacts): RawFacts {
  const known = faultById.get(fault)
  const origin = new Map(derivations.map((derivation) => [derivation.provides as string, derivation]))
  const found = new Set<string>()
  const queue: Need[] = [...(known?.needs ?? []), ...(Object.keys(known?.onlyWhen ?? {}) as Need[])]
  for (let need = queue.pop(); need !== undefined; need = queue.pop()) {
    const { fact } = parts(need)
    if (found.has(fact)) continue
    found.add(fact)
    const derivation = origin.get(fact)
    if (derivation) queue.push(...derivation.from, ...(derivation.maybe ?? []))
  }
  return forget(facts, (_, fact) => !found.has(fact))
}
