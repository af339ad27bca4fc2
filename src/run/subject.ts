import type { Side, Subject, Symptom } from '../knowledge/subject.ts'
import { symptoms } from '../knowledge/subject.ts'

/** A side as case files spell it. */
export interface NamedSide {
  readonly namespace?: string | undefined
  readonly job?: string | undefined
  readonly group?: string | undefined
  readonly task?: string | undefined
  readonly alloc?: string | undefined
  readonly service?: string | undefined
  readonly node?: string | undefined
  readonly outside?: boolean | string | undefined
}

/** A side from its parts; null when they name nobody. */
export function sideOf(named: NamedSide | null): Side | null {
  if (named === null) return null
  const { namespace = 'default', job, group, task, alloc, service, node, outside } = named
  if (outside !== undefined && outside !== false)
    return { kind: 'outside', ...(typeof outside === 'string' ? { address: outside } : {}) }
  if (job !== undefined) {
    const rest = {
      ...(group === undefined ? {} : { group }),
      ...(task === undefined ? {} : { task }),
      ...(alloc === undefined ? {} : { alloc }),
      ...(node === undefined ? {} : { node }),
    }
    return { kind: 'workload', namespace, job, ...rest }
  }
  if (service !== undefined) return { kind: 'service', namespace, service }
  return node === undefined ? null : { kind: 'node', node }
}

export const symptomOf = (text: string): Symptom => (Object.hasOwn(symptoms, text) ? (text as Symptom) : 'unknown')

/** The subject of a case, as its `case.json` names it. */
export function subjectOf(info: {
  readonly symptom: string
  readonly subject: {
    readonly from: NamedSide | null
    readonly to: NamedSide | null
    readonly port: string | number | null
    readonly dials?: string | undefined
  }
}): Subject {
  const { from, to, port, dials } = info.subject
  return {
    from: sideOf(from),
    to: sideOf(to),
    port,
    symptom: symptomOf(info.symptom),
    ...(dials === undefined ? {} : { dials }),
  }
}

/** A side as case files spell it; the reverse of `sideOf`. */
export function caseSideOf(side: Side | null): NamedSide | null {
  if (side === null) return null
  switch (side.kind) {
    case 'outside':
      return { outside: side.address ?? true }
    case 'node':
      return { node: side.node }
    case 'service': {
      const { kind: _, ...named } = side
      return named
    }
    case 'workload': {
      const { kind: _, ...named } = side
      return named
    }
  }
}
