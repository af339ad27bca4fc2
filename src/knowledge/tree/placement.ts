/** What keeps an allocation from being placed, or from starting: first the job itself, then the clients, then the start. */
import type { FaultId } from '../faults/index.ts'

export const placementLadder: readonly FaultId[] = [
  'mode-typo-or-case',
  'no-default-route',
  'cni-plugins-not-fingerprinted',
  'bridge-module-undetected',
  'cni-conf-wrong-extension',
  'cni-network-not-on-node',
  'missing-network',
  'missing-host-network',
  'no-addresses-for-host-network',
  'implicit-consul-provider',
  'consul-agent-not-fingerprinted',
  'port-reserved-by-agent',
  'reserved-port-collision',
  'dynamic-ports-exhausted',
  'ingress-absent-on-node',
  'alloc-rejected-by-client',
  'infra-image-unavailable',
  'cni-plugin-missing',
  'ipam-exhausted',
  'ipv6-disabled-host',
  'static-port-taken-outside-nomad',
  'privileged-port-denied',
  'bind-to-host-ip-inside-netns',
]
