/** Faults of this area, in the order of their ids. */
import { allocRejectedByClient } from './alloc-rejected-by-client.ts'
import { bindToHostIpInsideNetns } from './bind-to-host-ip-inside-netns.ts'
import { bridgeModuleUndetected } from './bridge-module-undetected.ts'
import { cniConfWrongExtension } from './cni-conf-wrong-extension.ts'
import { cniNetworkNotOnNode } from './cni-network-not-on-node.ts'
import { cniPluginMissing } from './cni-plugin-missing.ts'
import { cniPluginsNotFingerprinted } from './cni-plugins-not-fingerprinted.ts'
import { connectOnTaskService } from './connect-on-task-service.ts'
import { consulAgentNotFingerprinted } from './consul-agent-not-fingerprinted.ts'
import { dynamicPortsExhausted } from './dynamic-ports-exhausted.ts'
import { implicitConsulProvider } from './implicit-consul-provider.ts'
import { infraImageUnavailable } from './infra-image-unavailable.ts'
import { ingressAbsentOnNode } from './ingress-absent-on-node.ts'
import { ingressStaticPortTaken } from './ingress-static-port-taken.ts'
import { ipamExhausted } from './ipam-exhausted.ts'
import { ipv6DisabledHost } from './ipv6-disabled-host.ts'
import { missingHostNetwork } from './missing-host-network.ts'
import { missingNetwork } from './missing-network.ts'
import { modeNoneBroken } from './mode-none-broken.ts'
import { modeTypoOrCase } from './mode-typo-or-case.ts'
import { networkHostnameRejected } from './network-hostname-rejected.ts'
import { noAddressesForHostNetwork } from './no-addresses-for-host-network.ts'
import { noDefaultRoute } from './no-default-route.ts'
import { portReservedByAgent } from './port-reserved-by-agent.ts'
import { privilegedPortDenied } from './privileged-port-denied.ts'
import { reservedPortCollision } from './reserved-port-collision.ts'
import { staticPortTakenOutsideNomad } from './static-port-taken-outside-nomad.ts'

export const placementFaults = [
  allocRejectedByClient,
  bindToHostIpInsideNetns,
  bridgeModuleUndetected,
  cniConfWrongExtension,
  cniNetworkNotOnNode,
  cniPluginMissing,
  cniPluginsNotFingerprinted,
  connectOnTaskService,
  consulAgentNotFingerprinted,
  dynamicPortsExhausted,
  implicitConsulProvider,
  infraImageUnavailable,
  ingressAbsentOnNode,
  ingressStaticPortTaken,
  ipamExhausted,
  ipv6DisabledHost,
  missingHostNetwork,
  missingNetwork,
  modeNoneBroken,
  modeTypoOrCase,
  networkHostnameRejected,
  noAddressesForHostNetwork,
  noDefaultRoute,
  portReservedByAgent,
  privilegedPortDenied,
  reservedPortCollision,
  staticPortTakenOutsideNomad,
] as const
