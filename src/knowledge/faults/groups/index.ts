/** Faults of this area, in the order of their ids. */
import { colocationAssumption } from './colocation-assumption.ts'
import { containerLoopbackIsNotHost } from './container-loopback-is-not-host.ts'
import { crossGroupEnvVariable } from './cross-group-env-variable.ts'
import { crossGroupLocalhost } from './cross-group-localhost.ts'
import { dialledPortAstray } from './dialled-port-astray.ts'
import { hardcodedDynamicPort } from './hardcoded-dynamic-port.ts'
import { ingressBackendUnreachable } from './ingress-backend-unreachable.ts'
import { legacyTaskVariables } from './legacy-task-variables.ts'
import { networkVariableUnset } from './network-variable-unset.ts'
import { ownGroupViaHostAddress } from './own-group-via-host-address.ts'
import { sameGroupNotSharedNetns } from './same-group-not-shared-netns.ts'
import { sameGroupPortClash } from './same-group-port-clash.ts'
import { siblingNameDoesNotResolve } from './sibling-name-does-not-resolve.ts'
import { siblingNotUpYet } from './sibling-not-up-yet.ts'

export const groupsFaults = [
  colocationAssumption,
  containerLoopbackIsNotHost,
  crossGroupEnvVariable,
  crossGroupLocalhost,
  dialledPortAstray,
  hardcodedDynamicPort,
  ingressBackendUnreachable,
  legacyTaskVariables,
  networkVariableUnset,
  ownGroupViaHostAddress,
  sameGroupNotSharedNetns,
  sameGroupPortClash,
  siblingNameDoesNotResolve,
  siblingNotUpYet,
] as const
