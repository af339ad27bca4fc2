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
  readonly beside?: true
}

/**
 * For each present fault the one it is only a consequence of: present too, about something that belongs together, measured,
 * more than a risk and not beside the question, unless both are; of several the first of `present`.
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
  const fits = (cause: Present, one: Present): boolean =>
    cause.fault !== one.fault && (!cause.beside || one.beside === true) && together(world, cause.thing, one.thing)
  return (one) => explaining.get(one.fault)?.find((cause) => fits(cause, one))
}

/**
 * Whether what is wrong with one thing may show at the other: one belongs to the other, or asks for it, or both are about the
 * same allocation, or else the same group. A neighbour in the job or on the client has nothing to do with it.
 */
function together(world: World, cause: string, shows: string): boolean {
  const [a, b] = [world.things.get(cause), world.things.get(shows)]
  if (cause === shows || !a || !b || a.kind === 'cluster' || b.kind === 'cluster') return true
  if (has(a, b) || has(b, a) || asks(world, b, a)) return true
  const [own, others] = [allocsOf(a), allocsOf(b)]
  const [near, far] = own.length > 0 && others.length > 0 ? [own, others] : [groupOf(a), groupOf(b)]
  return near.some((id) => far.includes(id))
}

/** One is linked to the other, or has it in a list. On a path is no service of its caller, nor an allocation it does not end at. */
const has = ({ kind, links, many }: Thing, { id }: Thing): boolean =>
  Object.entries(links).some(([role, to]) => to === id && role !== 'source.service') ||
  Object.entries(many).some(([of, ids]) => ids.includes(id) && !(kind === 'path' && of === 'alloc'))

/** A path leads from one to the other, a service of its target. */
const asks = (world: World, from: Thing, to: Thing): boolean =>
  to.kind === 'service' &&
  [...world.things.values()].some(
    (path) => path.kind === 'path' && path.links['source.alloc'] === from.id && has(path, to),
  )

const some = (...ids: readonly (string | null | undefined)[]): readonly string[] =>
  ids.filter((id) => typeof id === 'string')

const allocsOf = ({ id, kind, links }: Thing): readonly string[] =>
  kind === 'alloc' ? [id] : some(links['source.alloc'], links['target.alloc'])

/** What stands around the caller is not on its path. */
const groupOf = ({ id, kind, links }: Thing): readonly string[] =>
  kind === 'group' ? [id] : some(links.group, links['target.group'])

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
