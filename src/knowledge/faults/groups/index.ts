/** Faults of this area, in the order of their ids. */
import { colocationAssumption } from './colocation-assumption.ts'
import { crossGroupEnvVariable } from './cross-group-env-variable.ts'
import { crossGroupLocalhost } from './cross-group-localhost.ts'
import { hardcodedDynamicPort } from './hardcoded-dynamic-port.ts'
import { sameGroupNotSharedNetns } from './same-group-not-shared-netns.ts'
import { sameGroupPortClash } from './same-group-port-clash.ts'
import { siblingNotUpYet } from './sibling-not-up-yet.ts'

export const groupsFaults = [
  colocationAssumption,
  crossGroupEnvVariable,
  crossGroupLocalhost,
  hardcodedDynamicPort,
  sameGroupNotSharedNetns,
  sameGroupPortClash,
  siblingNotUpYet,
] as const
