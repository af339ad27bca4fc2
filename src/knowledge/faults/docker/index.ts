/** Faults of this area, in the order of their ids. */
import { advertiseIpv6Address } from './advertise-ipv6-address.ts'
import { containerModeManual } from './container-mode-manual.ts'
import { dockerDnsOptionsInBridge } from './docker-dns-options-in-bridge.ts'
import { dockerHostnameInBridge } from './docker-hostname-in-bridge.ts'
import { dockerUserNetworkAutoAdvertise } from './docker-user-network-auto-advertise.ts'
import { dockerUserNetworkIsPerHost } from './docker-user-network-is-per-host.ts'
import { driverAddressOffNode } from './driver-address-off-node.ts'
import { extraHostsLostOrInvalid } from './extra-hosts-lost-or-invalid.ts'
import { netSysctlInSharedNetns } from './net-sysctl-in-shared-netns.ts'
import { staticContainerAddressInBridge } from './static-container-address-in-bridge.ts'

export const dockerFaults = [
  advertiseIpv6Address,
  containerModeManual,
  dockerDnsOptionsInBridge,
  dockerHostnameInBridge,
  dockerUserNetworkAutoAdvertise,
  dockerUserNetworkIsPerHost,
  driverAddressOffNode,
  extraHostsLostOrInvalid,
  netSysctlInSharedNetns,
  staticContainerAddressInBridge,
] as const
