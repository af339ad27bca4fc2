import type { Constraint, GroupSpec, JobSpec } from '../knowledge/shapes/job.ts'
import type { NodeOffer } from '../knowledge/shapes/runtime.ts'

/**
 * Clients a group may use: in a datacenter and pool of the job, and not excluded by a constraint that the list of
 * clients can answer. Status and eligibility do not count here: a client that is down is still one it was meant for.
 */
export function candidates(job: JobSpec, group: GroupSpec, offers: readonly NodeOffer[]): readonly NodeOffer[] {
  return offers.filter(
    (node) =>
      (job.datacenters.length === 0 || job.datacenters.some((pattern) => like(pattern, node.datacenter))) &&
      (job.nodePool === 'all' || job.nodePool === node.nodePool) &&
      [...job.constraints, ...group.constraints].every((constraint) => allows(constraint, node)),
  )
}

/** Datacenters may hold `*` and `?`. */
function like(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}

/** A constraint over anything that is not in the list of clients lets the client pass. */
function allows({ left, operand, right }: Constraint, node: NodeOffer): boolean {
  const value = attribute(left, node)
  if (value === undefined || right.includes('${')) return true
  switch (operand) {
    case '=':
    case '==':
    case 'is':
      return value === right
    case '!=':
    case 'not':
      return value !== right
    case 'set_contains_any':
      return right.split(',').some((one) => one.trim() === value)
    case 'regexp':
      return matches(right, value)
    default:
      return true
  }
}

/** Go's expressions are not quite ours: what cannot be read here lets the client pass. */
function matches(expression: string, value: string): boolean {
  try {
    return new RegExp(expression).test(value)
  } catch {
    return true
  }
}

function attribute(left: string, node: NodeOffer): string | undefined {
  switch (left) {
    case '${node.unique.name}':
      return node.name
    case '${node.unique.id}':
      return node.id
    case '${node.datacenter}':
      return node.datacenter
    case '${node.class}':
      return node.nodeClass
    case '${node.pool}':
      return node.nodePool
    case '${attr.os.name}':
      return node.os === '' ? undefined : node.os
    default:
      return undefined
  }
}
