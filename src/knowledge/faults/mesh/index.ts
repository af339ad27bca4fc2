/** Faults of this area, in the order of their ids. */
import { connectAclNoToken } from './connect-acl-no-token.ts'
import { connectAppBypassesMesh } from './connect-app-bypasses-mesh.ts'
import { connectCheckNotExposed } from './connect-check-not-exposed.ts'
import { connectCheckTcpInvalid } from './connect-check-tcp-invalid.ts'
import { connectCniNetworkRefused } from './connect-cni-network-refused.ts'
import { connectConsulAddressScheme } from './connect-consul-address-scheme.ts'
import { connectConsulAddressUnset } from './connect-consul-address-unset.ts'
import { connectConsulBinaryMissing } from './connect-consul-binary-missing.ts'
import { connectDestinationUnhealthy } from './connect-destination-unhealthy.ts'
import { connectDockerNetworkMode } from './connect-docker-network-mode.ts'
import { connectEnvoyBootstrapFailed } from './connect-envoy-bootstrap-failed.ts'
import { connectEnvoyImagePull } from './connect-envoy-image-pull.ts'
import { connectEnvoyOom } from './connect-envoy-oom.ts'
import { connectEnvoyVersionUnsupported } from './connect-envoy-version-unsupported.ts'
import { connectExposeLabelPort } from './connect-expose-label-port.ts'
import { connectGrpcDisabled } from './connect-grpc-disabled.ts'
import { connectGrpcTls } from './connect-grpc-tls.ts'
import { connectIntentionDenied } from './connect-intention-denied.ts'
import { connectNamedPort } from './connect-named-port.ts'
import { connectNativeMisconfig } from './connect-native-misconfig.ts'
import { connectNotBridge } from './connect-not-bridge.ts'
import { connectUppercase } from './connect-uppercase.ts'
import { connectUpstreamEnvBindAddress } from './connect-upstream-env-bind-address.ts'
import { connectUpstreamMissing } from './connect-upstream-missing.ts'
import { connectUpstreamPortConflict } from './connect-upstream-port-conflict.ts'
import { ingressPortNotPublished } from './ingress-port-not-published.ts'
import { ingressProtocolMismatch } from './ingress-protocol-mismatch.ts'
import { meshCrossDc } from './mesh-cross-dc.ts'
import { protocolMismatch } from './protocol-mismatch.ts'
import { tproxyConsulCniMissing } from './tproxy-consul-cni-missing.ts'
import { tproxyCustomSidecarPort } from './tproxy-custom-sidecar-port.ts'
import { tproxyDnsUnavailable } from './tproxy-dns-unavailable.ts'
import { tproxyMultipleConnect } from './tproxy-multiple-connect.ts'
import { tproxyNetworkDnsConflict } from './tproxy-network-dns-conflict.ts'
import { tproxyPortExclusions } from './tproxy-port-exclusions.ts'
import { tproxyUidConflict } from './tproxy-uid-conflict.ts'

export const meshFaults = [
  connectAclNoToken,
  connectAppBypassesMesh,
  connectCheckNotExposed,
  connectCheckTcpInvalid,
  connectCniNetworkRefused,
  connectConsulAddressScheme,
  connectConsulAddressUnset,
  connectConsulBinaryMissing,
  connectDestinationUnhealthy,
  connectDockerNetworkMode,
  connectEnvoyBootstrapFailed,
  connectEnvoyImagePull,
  connectEnvoyOom,
  connectEnvoyVersionUnsupported,
  connectExposeLabelPort,
  connectGrpcDisabled,
  connectGrpcTls,
  connectIntentionDenied,
  connectNamedPort,
  connectNativeMisconfig,
  connectNotBridge,
  connectUppercase,
  connectUpstreamEnvBindAddress,
  connectUpstreamMissing,
  connectUpstreamPortConflict,
  ingressPortNotPublished,
  ingressProtocolMismatch,
  meshCrossDc,
  protocolMismatch,
  tproxyConsulCniMissing,
  tproxyCustomSidecarPort,
  tproxyDnsUnavailable,
  tproxyMultipleConnect,
  tproxyNetworkDnsConflict,
  tproxyPortExclusions,
  tproxyUidConflict,
] as const
