/** Faults of ports: the container's own configuration first, then where the process listens, then what is announced. */
import type { FaultId } from '../faults/index.ts'

export const portsLadder: readonly FaultId[] = [
  'docker-ports-unknown-label',
  'docker-port-map-with-group-ports',
  'same-group-port-clash',
  'docker-network-mode-overrides-group',
  'docker-ports-not-listed',
  'docker-host-mode-discards-ports',
  'to-without-mapper',
  'wrong-to-port',
  'app-ignores-assigned-port',
  'app-binds-loopback-only',
  'numeric-service-port-not-mapped',
  'address-mode-driver-no-network',
  'bridge-no-port-block',
  'dev-agent-loopback',
  'loopback-address-registered',
  'wrong-default-interface',
  'address-mode-alloc-remote',
  'alloc-ip-used-off-node',
  'lb-target-port-mismatch',
  'host-network-disables-wildcard',
]
