import type { FactKey, Facts } from './facts.ts'
import { faultList } from './faults/index.ts'

/** Facts that say which rule stops a connection. */
export type StopFact = 'path.forward' | 'path.inbound.input' | 'path.firewalld'

/** Whether a fault that reads this fact alone names the rule that is in it. */
export const isNamedBy = <K extends StopFact & FactKey>(key: K, value: Facts[K]): boolean =>
  faultList.some(({ needs, holds }) => needs.length === 1 && needs[0] === key && holds({ [key]: value }) !== false)
