/** Faults of this area, in the order of their ids. */
import { addressModeAllocRemote } from './address-mode-alloc-remote.ts'
import { addressModeDriverNoNetwork } from './address-mode-driver-no-network.ts'
import { advertisesContainerPort } from './advertises-container-port.ts'
import { allocEnvMissing } from './alloc-env-missing.ts'
import { allocIpUsedOffNode } from './alloc-ip-used-off-node.ts'
import { appBindsLoopbackOnly } from './app-binds-loopback-only.ts'
import { appIgnoresAssignedPort } from './app-ignores-assigned-port.ts'
import { bridgeNoPortBlock } from './bridge-no-port-block.ts'
import { containerPortOnClientAddress } from './container-port-on-client-address.ts'
import { devAgentLoopback } from './dev-agent-loopback.ts'
import { dockerHostModeDiscardsPorts } from './docker-host-mode-discards-ports.ts'
import { dockerNetworkModeOverridesGroup } from './docker-network-mode-overrides-group.ts'
import { dockerPortMapWithGroupPorts } from './docker-port-map-with-group-ports.ts'
import { dockerPortsNotListed } from './docker-ports-not-listed.ts'
import { dockerPortsUnknownLabel } from './docker-ports-unknown-label.ts'
import { dynamicPortVsEphemeralRange } from './dynamic-port-vs-ephemeral-range.ts'
import { eipHairpin } from './eip-hairpin.ts'
import { hostNetworkDisablesWildcard } from './host-network-disables-wildcard.ts'
import { hostNetworkDoesNotBind } from './host-network-does-not-bind.ts'
import { hostNetworkNamedDefault } from './host-network-named-default.ts'
import { hostipIsIpv6OrLinklocal } from './hostip-is-ipv6-or-linklocal.ts'
import { hostipNotRoutableForPeer } from './hostip-not-routable-for-peer.ts'
import { ignoreCollisionMisuse } from './ignore-collision-misuse.ts'
import { ipv6AddressWithoutBrackets } from './ipv6-address-without-brackets.ts'
import { ipv6UrlWithoutBrackets } from './ipv6-url-without-brackets.ts'
import { lbTargetPortMismatch } from './lb-target-port-mismatch.ts'
import { loopbackAddressRegistered } from './loopback-address-registered.ts'
import { numericServicePortNotMapped } from './numeric-service-port-not-mapped.ts'
import { pingNotPermitted } from './ping-not-permitted.ts'
import { portLabelWithDash } from './port-label-with-dash.ts'
import { publicIpIsNat } from './public-ip-is-nat.ts'
import { publishedOnOneIpOnly } from './published-on-one-ip-only.ts'
import { qemuPortMapWithGroupNetwork } from './qemu-port-map-with-group-network.ts'
import { secondNetworkBlockIgnored } from './second-network-block-ignored.ts'
import { staleHostIp } from './stale-host-ip.ts'
import { staticPortDuplicateInGroup } from './static-port-duplicate-in-group.ts'
import { staticPortInsideDynamicRange } from './static-port-inside-dynamic-range.ts'
import { staticPortSpillsToSecondAddress } from './static-port-spills-to-second-address.ts'
import { staticWithToMinusOne } from './static-with-to-minus-one.ts'
import { taskLevelNetworkBlock } from './task-level-network-block.ts'
import { toWithoutMapper } from './to-without-mapper.ts'
import { wrongDefaultInterface } from './wrong-default-interface.ts'
import { wrongToPort } from './wrong-to-port.ts'

export const portsFaults = [
  addressModeAllocRemote,
  addressModeDriverNoNetwork,
  advertisesContainerPort,
  allocEnvMissing,
  allocIpUsedOffNode,
  appBindsLoopbackOnly,
  appIgnoresAssignedPort,
  bridgeNoPortBlock,
  containerPortOnClientAddress,
  devAgentLoopback,
  dockerHostModeDiscardsPorts,
  dockerNetworkModeOverridesGroup,
  dockerPortMapWithGroupPorts,
  dockerPortsNotListed,
  dockerPortsUnknownLabel,
  dynamicPortVsEphemeralRange,
  eipHairpin,
  hostNetworkDisablesWildcard,
  hostNetworkDoesNotBind,
  hostNetworkNamedDefault,
  hostipIsIpv6OrLinklocal,
  hostipNotRoutableForPeer,
  ignoreCollisionMisuse,
  ipv6AddressWithoutBrackets,
  ipv6UrlWithoutBrackets,
  lbTargetPortMismatch,
  loopbackAddressRegistered,
  numericServicePortNotMapped,
  pingNotPermitted,
  portLabelWithDash,
  publicIpIsNat,
  publishedOnOneIpOnly,
  qemuPortMapWithGroupNetwork,
  secondNetworkBlockIgnored,
  staleHostIp,
  staticPortDuplicateInGroup,
  staticPortInsideDynamicRange,
  staticPortSpillsToSecondAddress,
  staticWithToMinusOne,
  taskLevelNetworkBlock,
  toWithoutMapper,
  wrongDefaultInterface,
  wrongToPort,
] as const
