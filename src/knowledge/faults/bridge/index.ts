/** Faults of this area, in the order of their ids. */
import { bridgeDown } from './bridge-down.ts'
import { bridgeHairpinSelf } from './bridge-hairpin-self.ts'
import { forwardJumpMissing } from './forward-jump-missing.ts'
import { ifaceForwardingOff } from './iface-forwarding-off.ts'
import { ipForwardOff } from './ip-forward-off.ts'
import { natFlushed } from './nat-flushed.ts'
import { nodeToNodeBlocked } from './node-to-node-blocked.ts'
import { nomadAdminRuleMissing } from './nomad-admin-rule-missing.ts'
import { rulesetFlushed } from './ruleset-flushed.ts'
import { staleDnatFirstMatch } from './stale-dnat-first-match.ts'

export const bridgeFaults = [
  bridgeDown,
  bridgeHairpinSelf,
  forwardJumpMissing,
  ifaceForwardingOff,
  ipForwardOff,
  natFlushed,
  nodeToNodeBlocked,
  nomadAdminRuleMissing,
  rulesetFlushed,
  staleDnatFirstMatch,
] as const
