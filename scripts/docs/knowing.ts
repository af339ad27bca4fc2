/** Where facts come from: which probe or derivation, and who answers in the end. */
import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { derivations } from '../../src/derive/index.ts'
import type { AnyDerivation } from '../../src/derive/derivation.ts'
import type { Fault } from '../../src/knowledge/fault.ts'
import type { Need } from '../../src/knowledge/facts.ts'
import { parts } from '../../src/knowledge/resolve.ts'
import type { Question } from '../../src/knowledge/tree/question.ts'
import { probes } from '../../src/probes/index.ts'
import type { AnyProbe } from '../../src/probes/probe.ts'

const probeBy = new Map(probes.flatMap((probe) => probe.provides.map((key) => [key as string, probe] as const)))
const derivedBy = new Map(derivations.map((rule) => [rule.provides as string, rule]))

export const probeOf = (fact: string): AnyProbe | undefined => probeBy.get(fact)
export const derivationOf = (fact: string): AnyDerivation | undefined => derivedBy.get(fact)
export const factOf = (need: string): string => parts(need as Need).fact

const areaByProbe = new Map(
  globSync('src/probes/*/*.ts', { cwd: join(import.meta.dirname, '..', '..') }).map((file) => [
    basename(file, '.ts'),
    basename(dirname(file)),
  ]),
)
export const probeArea = ({ id }: AnyProbe): string => areaByProbe.get(id) ?? ''

/** Who answers, the hardest to get last. */
export const sources = ['person', 'job file', 'API', 'node'] as const
export type Source = (typeof sources)[number]

export function sourceOf(need: string): Source {
  const fact = factOf(need)
  if (fact === 'job.spec' || fact === 'job.source') return 'job file'
  const probe = probeBy.get(fact)
  if (probe) return ['nomad', 'consul'].includes(probeArea(probe)) ? 'API' : 'node'
  const rule = derivedBy.get(fact)
  return rule ? hardest([...rule.from, ...(rule.maybe ?? [])].filter((input) => factOf(input) !== fact)) : 'person'
}

function hardest(needs: readonly string[]): Source {
  return sources[Math.max(0, ...needs.map((need) => sources.indexOf(sourceOf(need))))] ?? 'person'
}

export const whoSettles = ({ needs, onlyWhen = {} }: Fault): Source => hardest([...needs, ...Object.keys(onlyWhen)])
export const whoAnswers = ({ reads }: Question): Source => (reads === undefined ? 'person' : sourceOf(reads))
