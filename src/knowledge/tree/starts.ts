/** Placed, and yet it never starts or never counts as healthy: what stands before every question. */
import type { FaultId } from '../faults/index.ts'
import { dockerLadder } from './docker.ts'
import { meshJobLadder, sidecarLadder } from './mesh.ts'
import { templateStartLadder } from './templates.ts'

export const startsLadder: readonly FaultId[] = [
  'mode-none-broken',
  'static-with-to-minus-one',
  ...dockerLadder,
  'service-name-invalid',
  'nsd-mixed-providers',
  'nsd-unsupported-check-type',
  'script-check-without-task',
  'service-no-port',
  ...meshJobLadder,
  'service-port-label-unknown',
  'service-address-none-reachable',
  'consul-wi-login-failed',
  ...sidecarLadder,
  'sibling-not-up-yet',
  ...templateStartLadder,
  'nsd-check-failing',
]
