/** Faults of this area, in the order of their ids. */
import { allocDefaultRouteMissing } from './alloc-default-route-missing.ts'
import { allocEth0Down } from './alloc-eth0-down.ts'
import { allocEth0Missing } from './alloc-eth0-missing.ts'
import { bridgeAddressMissing } from './bridge-address-missing.ts'
import { bridgeConfigChangeNotApplied } from './bridge-config-change-not-applied.ts'
import { bridgeDown } from './bridge-down.ts'
import { bridgeHairpinSelf } from './bridge-hairpin-self.ts'
import { bridgeMtuAboveNic } from './bridge-mtu-above-nic.ts'
import { bridgeNfOffOldPortmap } from './bridge-nf-off-old-portmap.ts'
import { bridgePortExposedEverywhere } from './bridge-port-exposed-everywhere.ts'
import { bridgePortNotForwarding } from './bridge-port-not-forwarding.ts'
import { bridgeSubnetChangedLive } from './bridge-subnet-changed-live.ts'
import { cniBridgeNotGateway } from './cni-bridge-not-gateway.ts'
import { cniDuplicateName } from './cni-duplicate-name.ts'
import { cniNoDefaultRoute } from './cni-no-default-route.ts'
import { cniNoLoopback } from './cni-no-loopback.ts'
import { cniNoMasquerade } from './cni-no-masquerade.ts'
import { cniNoPortmap } from './cni-no-portmap.ts'
import { cniSharedAdminChain } from './cni-shared-admin-chain.ts'
import { cniSnatFalse } from './cni-snat-false.ts'
import { cniTwoNetworksOneSubnet } from './cni-two-networks-one-subnet.ts'
import { conntrackFull } from './conntrack-full.ts'
import { customCniInboundDropped } from './custom-cni-inbound-dropped.ts'
import { customCniNoFirewallPlugin } from './custom-cni-no-firewall-plugin.ts'
import { dockerUserDrop } from './docker-user-drop.ts'
import { duplicateDnatForSameHostPort } from './duplicate-dnat-for-same-host-port.ts'
import { firewalldForwardReject } from './firewalld-forward-reject.ts'
import { forwardJumpMissing } from './forward-jump-missing.ts'
import { forwardRejectBeforeCni } from './forward-reject-before-cni.ts'
import { hostInputDrop } from './host-input-drop.ts'
import { hostNicInsideBridgeSubnet } from './host-nic-inside-bridge-subnet.ts'
import { hostipFamilyMismatch } from './hostip-family-mismatch.ts'
import { hostportClaimedByOther } from './hostport-claimed-by-other.ts'
import { hostportMasqJumpMissing } from './hostport-masq-jump-missing.ts'
import { ifaceForwardingOff } from './iface-forwarding-off.ts'
import { ipForwardOff } from './ip-forward-off.ts'
import { ipamStateLostDuplicateIp } from './ipam-state-lost-duplicate-ip.ts'
import { iptablesBackendSplit } from './iptables-backend-split.ts'
import { ipv6Hostport } from './ipv6-hostport.ts'
import { ipv6RaRouteLost } from './ipv6-ra-route-lost.ts'
import { macvlanHostIsolation } from './macvlan-host-isolation.ts'
import { masqueradeMissing } from './masquerade-missing.ts'
import { natFlushed } from './nat-flushed.ts'
import { natRuleSparesPort } from './nat-rule-spares-port.ts'
import { neighbourTableOverflow } from './neighbour-table-overflow.ts'
import { nftBaseChainDrop } from './nft-base-chain-drop.ts'
import { nodeToNodeBlocked } from './node-to-node-blocked.ts'
import { nomadAdminRuleMissing } from './nomad-admin-rule-missing.ts'
import { nomadAdminUserRuleOrder } from './nomad-admin-user-rule-order.ts'
import { nomadBridgeVsDockerBridge } from './nomad-bridge-vs-docker-bridge.ts'
import { notrack } from './notrack.ts'
import { pmtuBlackhole } from './pmtu-blackhole.ts'
import { preroutingOrOutputJumpMissing } from './prerouting-or-output-jump-missing.ts'
import { routeLocalnetOff } from './route-localnet-off.ts'
import { routeStopsPacket } from './route-stops-packet.ts'
import { rpFilterStrict } from './rp-filter-strict.ts'
import { ruleDropsPacket } from './rule-drops-packet.ts'
import { rulesetFlushed } from './ruleset-flushed.ts'
import { simulationDisagrees } from './simulation-disagrees.ts'
import { staleDnatFirstMatch } from './stale-dnat-first-match.ts'
import { staleMasqRules } from './stale-masq-rules.ts'
import { subnetOverlapDocker } from './subnet-overlap-docker.ts'
import { subnetOverlapVpn } from './subnet-overlap-vpn.ts'
import { taskInOtherNamespace } from './task-in-other-namespace.ts'
import { udpStaleConntrack } from './udp-stale-conntrack.ts'
import { vethDetached } from './veth-detached.ts'
import { vethDown } from './veth-down.ts'

export const bridgeFaults = [
  allocDefaultRouteMissing,
  allocEth0Down,
  allocEth0Missing,
  bridgeAddressMissing,
  bridgeConfigChangeNotApplied,
  bridgeDown,
  bridgeHairpinSelf,
  bridgeMtuAboveNic,
  bridgeNfOffOldPortmap,
  bridgePortExposedEverywhere,
  bridgePortNotForwarding,
  bridgeSubnetChangedLive,
  cniBridgeNotGateway,
  cniDuplicateName,
  cniNoDefaultRoute,
  cniNoLoopback,
  cniNoMasquerade,
  cniNoPortmap,
  cniSharedAdminChain,
  cniSnatFalse,
  cniTwoNetworksOneSubnet,
  conntrackFull,
  customCniInboundDropped,
  customCniNoFirewallPlugin,
  dockerUserDrop,
  duplicateDnatForSameHostPort,
  firewalldForwardReject,
  forwardJumpMissing,
  forwardRejectBeforeCni,
  hostInputDrop,
  hostNicInsideBridgeSubnet,
  hostipFamilyMismatch,
  hostportClaimedByOther,
  hostportMasqJumpMissing,
  ifaceForwardingOff,
  ipForwardOff,
  ipamStateLostDuplicateIp,
  iptablesBackendSplit,
  ipv6Hostport,
  ipv6RaRouteLost,
  macvlanHostIsolation,
  masqueradeMissing,
  natFlushed,
  natRuleSparesPort,
  neighbourTableOverflow,
  nftBaseChainDrop,
  nodeToNodeBlocked,
  nomadAdminRuleMissing,
  nomadAdminUserRuleOrder,
  nomadBridgeVsDockerBridge,
  notrack,
  pmtuBlackhole,
  preroutingOrOutputJumpMissing,
  routeLocalnetOff,
  routeStopsPacket,
  rpFilterStrict,
  ruleDropsPacket,
  rulesetFlushed,
  simulationDisagrees,
  staleDnatFirstMatch,
  staleMasqRules,
  subnetOverlapDocker,
  subnetOverlapVpn,
  taskInOtherNamespace,
  udpStaleConntrack,
  vethDetached,
  vethDown,
] as const
