/** Kernel state as src/packet parses it. Types only: knowledge may read them, never the parsers. */
export type { Link, Neighbour } from '../../packet/ip.ts'
export type { Route, RouteRule } from '../../packet/ip-route.ts'
export type { BridgePort, FdbEntry } from '../../packet/bridge.ts'
export type { Save as IptablesSave } from '../../packet/iptables.ts'
export type { XfrmPolicy } from '../../packet/xfrm.ts'
export type { NftRuleset } from '../../packet/nft.ts'
export type { Listener } from '../../packet/ss.ts'
export type { ConntrackEntry } from '../../packet/conntrack.ts'
export type {
  Crossing,
  Hop,
  IpSet,
  NamespaceState,
  Outcome,
  Passed,
  Start,
  Topology,
  Trace,
  Tuple,
  Verdict,
  Wanted,
  Where,
} from '../../packet/walk/index.ts'
