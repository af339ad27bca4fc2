/** The ladders of this area: fault ids in the order an expert would rule them out. */
import type { FaultId } from '../faults/index.ts'

/** Templates that keep a task from starting. */
export const templateStartLadder: readonly FaultId[] = [
  'template-bad-service-format',
  'template-env-parse-error',
  'nsd-template-permission-denied',
  'nsd-servers-unreachable',
  'template-consul-unreachable',
  'template-consul-no-identity',
  'template-missing-dependency',
  'template-self-dependency',
  'template-failed-after-retries',
]

/** Templates that render, and give the task something else than what was meant. */
export const templateLadder: readonly FaultId[] = [
  'template-destination-invisible',
  'template-rendezvous-tag-empty',
  'template-env-precedence',
  'template-env-noop',
  'template-script-or-signal-failed',
  'template-restart-storm',
]
