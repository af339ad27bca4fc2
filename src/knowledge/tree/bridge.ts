/** The ladders of this area: fault ids in the order an expert would rule them out. */
import type { FaultId } from '../faults/index.ts'

/** From the network namespace outwards: its link and bridge, the kernel's switches, NAT, the filters, the network between. */
export const bridgeLadder: readonly FaultId[] = [
  'bridge-down',
  'ruleset-flushed',
  'nat-flushed',
  'stale-dnat-first-match',
  'ip-forward-off',
  'iface-forwarding-off',
  'forward-jump-missing',
  'nomad-admin-rule-missing',
  'bridge-hairpin-self',
  'node-to-node-blocked',
]
