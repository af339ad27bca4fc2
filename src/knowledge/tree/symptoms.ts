/** Ladders that a symptom puts first, before the three questions. */
import type { FaultId } from '../faults/index.ts'

/** It works sometimes: one of several instances is wrong, or one of several callers. */
export const sometimesLadder: readonly FaultId[] = [
  'nsd-stale-registration',
  'consul-stale-service',
  'nsd-unhealthy-returned',
  'template-env-key-overwritten',
  'pmtu-blackhole',
]

/** It works from inside, not from outside. */
export const outsideLadder: readonly FaultId[] = []
