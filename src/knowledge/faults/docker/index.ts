/** Faults of this area, in the order of their ids. */
import { advertiseIpv6Address } from './advertise-ipv6-address.ts'
import { containerModeManual } from './container-mode-manual.ts'
import { dockerDesktopIndirection } from './docker-desktop-indirection.ts'
import { dockerDnsOptionsInBridge } from './docker-dns-options-in-bridge.ts'
import { dockerHostnameInBridge } from './docker-hostname-in-bridge.ts'
import { dockerUserNetworkAutoAdvertise } from './docker-user-network-auto-advertise.ts'
import { dockerUserNetworkIsPerHost } from './docker-user-network-is-per-host.ts'
import { dockerUserNetworkMissing } from './docker-user-network-missing.ts'
import { driverAddressOffNode } from './driver-address-off-node.ts'
import { extraHostsLostOrInvalid } from './extra-hosts-lost-or-invalid.ts'
import { netSysctlInSharedNetns } from './net-sysctl-in-shared-netns.ts'
import { pauseContainerGone } from './pause-container-gone.ts'
import { severalDockerNetworks } from './several-docker-networks.ts'
import { staticContainerAddressInBridge } from './static-container-address-in-bridge.ts'
import { windowsHostipEmpty } from './windows-hostip-empty.ts'

export const dockerFaults = [
  advertiseIpv6Address,
  containerModeManual,
  dockerDesktopIndirection,
  dockerDnsOptionsInBridge,
  dockerHostnameInBridge,
  dockerUserNetworkAutoAdvertise,
  dockerUserNetworkIsPerHost,
  dockerUserNetworkMissing,
  driverAddressOffNode,
  extraHostsLostOrInvalid,
  netSysctlInSharedNetns,
  pauseContainerGone,
  severalDockerNetworks,
  staticContainerAddressInBridge,
  windowsHostipEmpty,
] as const
