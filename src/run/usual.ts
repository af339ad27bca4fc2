import type { Fault } from '../knowledge/fault.ts'
import { faultOrder } from '../knowledge/tree/index.ts'

const severities = ['breaks', 'degrades', 'risks']
const order: ReadonlyMap<string, number> = new Map(faultOrder.map((id, i) => [id, i]))

/** What else has to be so before it can be the cause; that the allocation runs is the usual case. */
const conditions = ({ onlyWhen = {} }: Fault): number =>
  Object.keys(onlyWhen).filter((fact) => fact !== 'alloc.status').length

/**
 * Below zero where the first of two faults is more usually the cause of what both may cause: one that breaks things
 * before one that may, one of every network before one of a mesh, one that needs no special setting before one that does, then in the order of the guidance.
 */
export const rarer = (a: Fault, b: Fault): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  Number(a.layer === 'mesh') - Number(b.layer === 'mesh') ||
  conditions(a) - conditions(b) ||
  (order.get(a.id) ?? order.size) - (order.get(b.id) ?? order.size)
