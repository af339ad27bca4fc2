/** Placed, and yet it never starts or never counts as healthy: what stands before every question. */
import type { FaultId } from '../faults/index.ts'
import { dockerLadder } from './docker.ts'

export const startsLadder: readonly FaultId[] = [
  'mode-none-broken',
  'static-with-to-minus-one',
  ...dockerLadder,
  'connect-not-bridge',
  'connect-on-task-service',
  'service-port-label-unknown',
  'template-missing-dependency',
  'template-self-dependency',
  'nsd-check-failing',
]
