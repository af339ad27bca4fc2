/** The ladders of this area: fault ids in the order an expert would rule them out. */
import type { FaultId } from '../faults/index.ts'

export const meshLadder: readonly FaultId[] = [
  'connect-not-bridge',
  'connect-on-task-service',
  'connect-upstream-missing',
  'connect-intention-denied',
  'connect-named-port',
]
