import { stepsOf, type End, type WayStep } from './steps.ts'
import { bridgesIn, linkText, placeOf, visitsOf, type Bridges } from './visits.ts'
import type { Hop, PathWalk, Trace, WalkPlace } from './walked.ts'
import type { Told } from './words.ts'

/** A network namespace the packet comes through. */
export interface WaySection {
  readonly namespace: string
  readonly kind: WalkPlace['kind']
  readonly title: string
  /** What joins it to the section before: `wire c1 to c2`, `bridge nomad on c1`; null at the start. */
  readonly link: string | null
  readonly steps: readonly WayStep[]
}

/** The way there and the way back of one trace, a line for each thing a reader wants to see. */
export function sectionsOf(
  { hops, verdict, tuple, back }: Trace,
  places: PathWalk['places'],
): { readonly there: readonly WaySection[]; readonly back: readonly WaySection[] | null } {
  const bridges = new Set([...bridgesIn(hops), ...bridgesIn(back?.hops ?? [])])
  const told = toldOf(verdict)
  return {
    there: cut(hops, { verdict, tuple }, places, bridges, ''),
    back: back ? cut(back.hops, { ...back, told }, places, bridges, 'b') : null,
  }
}

function toldOf(verdict: Trace['verdict']): Told {
  if (verdict.kind === 'delivered') return 'answer'
  if (verdict.kind === 'refused') return 'refusal'
  return verdict.kind === 'unreachable' && verdict.how === 'neighbour' ? 'late' : 'error'
}

function cut(
  hops: readonly Hop[],
  end: End,
  places: PathWalk['places'],
  bridges: Bridges,
  mark: string,
): readonly WaySection[] {
  const visits = visitsOf(hops, end.verdict)
  return visits.map((visit, i) => {
    const { kind, label } = placeOf(places, visit.namespace)
    const steps = stepsOf(visit.hops, i === visits.length - 1 ? end : undefined, bridges)
    return {
      namespace: visit.namespace,
      kind,
      title: label,
      link: i === 0 ? null : linkText(visits[i - 1], visit, places, bridges),
      steps: steps.map((step, n) => ({ ...step, id: `${mark}${i}.${n}` })),
    }
  })
}
