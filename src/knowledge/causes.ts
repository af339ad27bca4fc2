import type { Fault, Severity } from './fault.ts'
import type { World } from './fact.ts'
import type { Finding } from './report.ts'
import type { Thing } from './things.ts'

interface Present {
  readonly fault: string
  readonly thing: string
  readonly about: string
  readonly severity: Severity
  readonly by?: 'told'
}

/**
 * For each present fault the one it is only a consequence of: present too, about something that belongs together, measured
 * and more than a risk; of several the first of `present`.
 */
export function causeIn<P extends Present>(
  present: readonly P[],
  faults: ReadonlyMap<string, Fault>,
  world: World,
): (one: Present) => P | undefined {
  const explaining = new Map<string, P[]>()
  for (const cause of present)
    if (cause.severity !== 'risks' && cause.by !== 'told')
      for (const id of faults.get(cause.fault)?.explains ?? [])
        explaining.set(id, [...(explaining.get(id) ?? []), cause])
  return ({ fault, thing }) =>
    explaining.get(fault)?.find((cause) => cause.fault !== fault && together(world, cause.thing, thing))
}

/** Two things where what is wrong with one may show at the other: a mere neighbour on the same client is none. */
function together(world: World, one: string, other: string): boolean {
  const [a, b] = [world.things.get(one), world.things.get(other)]
  if (one === other || !a || !b || a.kind === 'cluster' || b.kind === 'cluster') return true
  const [near, far] = [around(a), around(b)]
  if (near.has(b.id) || far.has(a.id)) return true
  return [...near].some((id) => far.has(id) && !/^(node|cluster)$/.test(world.things.get(id)?.kind ?? ''))
}

const around = ({ links, many }: Thing): Set<string> =>
  new Set([...Object.values(links), ...Object.values(many).flat()].filter((id) => typeof id === 'string'))

/** A finding, and under it those that are only its consequences. */
export interface Caused {
  readonly finding: Finding
  readonly consequences: readonly Caused[]
}

export interface Placed {
  readonly finding: Finding
  /** 0 for a cause of its own; one more for each step that leads to it. */
  readonly depth: number
}

/** The same as a list, each cause before its consequences. */
export const inOrder = (causes: readonly Caused[], depth = 0): readonly Placed[] =>
  causes.flatMap(({ finding, consequences }) => [{ finding, depth }, ...inOrder(consequences, depth + 1)])

const key = (id: string, about: string | undefined): string => `${id} ${about ?? ''}`

/** The findings as causes with their consequences, in their own order; each stands once. */
export function byCause(findings: readonly Finding[]): readonly Caused[] {
  const known = new Set(findings.map(({ id, about }) => key(id, about)))
  const under = Map.groupBy(findings, ({ explainedBy, explainedByAbout }) => {
    const cause = explainedBy === undefined ? '' : key(explainedBy, explainedByAbout)
    return known.has(cause) ? cause : ''
  })
  const caused = (finding: Finding): Caused => ({
    finding,
    consequences: (under.get(key(finding.id, finding.about)) ?? []).map(caused),
  })
  return (under.get('') ?? []).map(caused)
}
