/** Faults of this area, in the order of their ids. */
import { advertiseUnsafe } from './advertise-unsafe.ts'
import { allocRejectedByClient } from './alloc-rejected-by-client.ts'
import { bindToHostIpInsideNetns } from './bind-to-host-ip-inside-netns.ts'
import { bridgeConfigInvalid } from './bridge-config-invalid.ts'
import { bridgeModuleUndetected } from './bridge-module-undetected.ts'
import { bridgeSetupGenericFailure } from './bridge-setup-generic-failure.ts'
import { cniConfBrokenStopsAgent } from './cni-conf-broken-stops-agent.ts'
import { cniConfRemovedStaleNode } from './cni-conf-removed-stale-node.ts'
import { cniConfWrongExtension } from './cni-conf-wrong-extension.ts'
import { cniNameUppercase } from './cni-name-uppercase.ts'
import { cniNetworkNotOnNode } from './cni-network-not-on-node.ts'
import { cniPathFirstDirBad } from './cni-path-first-dir-bad.ts'
import { cniPathWrong } from './cni-path-wrong.ts'
import { cniPluginMissing } from './cni-plugin-missing.ts'
import { cniPluginNotRunnable } from './cni-plugin-not-runnable.ts'
import { cniPluginsNotFingerprinted } from './cni-plugins-not-fingerprinted.ts'
import { cniRetryMasksError } from './cni-retry-masks-error.ts'
import { cniSpecVersionMismatch } from './cni-spec-version-mismatch.ts'
import { computedClassIneligible } from './computed-class-ineligible.ts'
import { connectOnTaskService } from './connect-on-task-service.ts'
import { consulAgentNotFingerprinted } from './consul-agent-not-fingerprinted.ts'
import { driverDoesNotSupportMode } from './driver-does-not-support-mode.ts'
import { dynamicPortsExhausted } from './dynamic-ports-exhausted.ts'
import { dynamicRangeInvalid } from './dynamic-range-invalid.ts'
import { dynamicRangeMismatch } from './dynamic-range-mismatch.ts'
import { hostNetworkCidrInvalid } from './host-network-cidr-invalid.ts'
import { implicitConsulProvider } from './implicit-consul-provider.ts'
import { infraImageUnavailable } from './infra-image-unavailable.ts'
import { ingressAbsentOnNode } from './ingress-absent-on-node.ts'
import { ingressPreemptsOrIsPreempted } from './ingress-preempts-or-is-preempted.ts'
import { ingressStaticPortTaken } from './ingress-static-port-taken.ts'
import { invalidHostNetworkTemplate } from './invalid-host-network-template.ts'
import { ipamExhausted } from './ipam-exhausted.ts'
import { ipamLeakReboot } from './ipam-leak-reboot.ts'
import { iptablesBinaryMissing } from './iptables-binary-missing.ts'
import { iptablesMatchMissing } from './iptables-match-missing.ts'
import { iptablesNftUnrepresentable } from './iptables-nft-unrepresentable.ts'
import { iptablesPermission } from './iptables-permission.ts'
import { ipv6DisabledHost } from './ipv6-disabled-host.ts'
import { legacyNetworkTexts } from './legacy-network-texts.ts'
import { missingHostNetwork } from './missing-host-network.ts'
import { missingNetwork } from './missing-network.ts'
import { modeNoneBroken } from './mode-none-broken.ts'
import { modeTypoOrCase } from './mode-typo-or-case.ts'
import { netnsCreateFailed } from './netns-create-failed.ts'
import { netnsStaleAfterReboot } from './netns-stale-after-reboot.ts'
import { networkHostnameRejected } from './network-hostname-rejected.ts'
import { networkInterfaceInvalid } from './network-interface-invalid.ts'
import { networkModeDeniedByNamespace } from './network-mode-denied-by-namespace.ts'
import { noAddressesForHostNetwork } from './no-addresses-for-host-network.ts'
import { noDefaultAlias } from './no-default-alias.ts'
import { noDefaultRoute } from './no-default-route.ts'
import { nodePortCollision } from './node-port-collision.ts'
import { portReservedByAgent } from './port-reserved-by-agent.ts'
import { portStillHeldByStoppingAlloc } from './port-still-held-by-stopping-alloc.ts'
import { privilegedPortDenied } from './privileged-port-denied.ts'
import { reservedPortCollision } from './reserved-port-collision.ts'
import { staticPortTakenOutsideNomad } from './static-port-taken-outside-nomad.ts'
import { twoAgentsOneHost } from './two-agents-one-host.ts'
import { twoNetworkInitiators } from './two-network-initiators.ts'
import { xtablesLockContention } from './xtables-lock-contention.ts'

export const placementFaults = [
  advertiseUnsafe,
  allocRejectedByClient,
  bindToHostIpInsideNetns,
  bridgeConfigInvalid,
  bridgeModuleUndetected,
  bridgeSetupGenericFailure,
  cniConfBrokenStopsAgent,
  cniConfRemovedStaleNode,
  cniConfWrongExtension,
  cniNameUppercase,
  cniNetworkNotOnNode,
  cniPathFirstDirBad,
  cniPathWrong,
  cniPluginMissing,
  cniPluginNotRunnable,
  cniPluginsNotFingerprinted,
  cniRetryMasksError,
  cniSpecVersionMismatch,
  computedClassIneligible,
  connectOnTaskService,
  consulAgentNotFingerprinted,
  driverDoesNotSupportMode,
  dynamicPortsExhausted,
  dynamicRangeInvalid,
  dynamicRangeMismatch,
  hostNetworkCidrInvalid,
  implicitConsulProvider,
  infraImageUnavailable,
  ingressAbsentOnNode,
  ingressPreemptsOrIsPreempted,
  ingressStaticPortTaken,
  invalidHostNetworkTemplate,
  ipamExhausted,
  ipamLeakReboot,
  iptablesBinaryMissing,
  iptablesMatchMissing,
  iptablesNftUnrepresentable,
  iptablesPermission,
  ipv6DisabledHost,
  legacyNetworkTexts,
  missingHostNetwork,
  missingNetwork,
  modeNoneBroken,
  modeTypoOrCase,
  netnsCreateFailed,
  netnsStaleAfterReboot,
  networkHostnameRejected,
  networkInterfaceInvalid,
  networkModeDeniedByNamespace,
  noAddressesForHostNetwork,
  noDefaultAlias,
  noDefaultRoute,
  nodePortCollision,
  portReservedByAgent,
  portStillHeldByStoppingAlloc,
  privilegedPortDenied,
  reservedPortCollision,
  staticPortTakenOutsideNomad,
  twoAgentsOneHost,
  twoNetworkInitiators,
  xtablesLockContention,
] as const
