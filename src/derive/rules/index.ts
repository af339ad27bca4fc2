/** How packets are meant to come through the clients of a path, and what their interfaces, routes and CNI files say by themselves. */
import type { AnyDerivation } from '../derivation.ts'
import { entryDerivation } from './arrival.ts'
import { cniNetwork, cniNetworks, cniOverlap } from './cni-network.ts'
import { connectionsDerivation } from './connections.ts'
import { defaultRouteDerivation } from './default-route.ts'
import { inboundWay } from './inbound-way.ts'
import { lostGatewayDerivation } from './lost-gateway.ts'
import { outboundWay } from './outbound-way.ts'
import { routeDerivations } from './routes.ts'
import { sharedNetworks } from './shared-networks.ts'
import { stuckDerivation } from './stuck.ts'
import { uplinkDerivations } from './uplink.ts'

export const ruleDerivations: readonly AnyDerivation[] = [
  ...uplinkDerivations,
  entryDerivation,
  inboundWay,
  outboundWay,
  stuckDerivation,
  connectionsDerivation,
  ...routeDerivations,
  ...sharedNetworks,
  defaultRouteDerivation,
  lostGatewayDerivation,
  cniNetworks,
  cniOverlap,
  cniNetwork,
]
