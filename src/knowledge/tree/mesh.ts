/** The ladders of this area: fault ids in the order an expert would rule them out. */
import type { FaultId } from '../faults/index.ts'

/** What the servers refuse in a job for the mesh, or what keeps its namespace from being made. */
export const meshJobLadder: readonly FaultId[] = [
  'connect-not-bridge',
  'connect-cni-network-refused',
  'connect-on-task-service',
  'nsd-connect-block',
  'connect-uppercase',
  'connect-native-misconfig',
  'connect-check-tcp-invalid',
  'connect-expose-label-port',
  'connect-upstream-port-conflict',
  'tproxy-network-dns-conflict',
  'tproxy-multiple-connect',
  'tproxy-custom-sidecar-port',
]

/** The sidecar that does not start. */
export const sidecarLadder: readonly FaultId[] = [
  'connect-consul-address-unset',
  'connect-consul-address-scheme',
  'connect-consul-binary-missing',
  'connect-acl-no-token',
  'connect-envoy-bootstrap-failed',
  'connect-envoy-image-pull',
  'connect-envoy-oom',
]

export const meshLadder: readonly FaultId[] = [
  'connect-not-bridge',
  'connect-cni-network-refused',
  'connect-on-task-service',
  'connect-check-not-exposed',
  'connect-docker-network-mode',
  'tproxy-port-exclusions',
  'ingress-port-not-published',
  'ingress-protocol-mismatch',
  'connect-grpc-tls',
  'connect-envoy-version-unsupported',
  'connect-upstream-missing',
  'connect-upstream-env-bind-address',
  'protocol-mismatch',
  'connect-intention-denied',
  'connect-named-port',
  'connect-destination-unhealthy',
  'tproxy-uid-conflict',
  'tproxy-dns-unavailable',
  'mesh-cross-dc',
  'connect-app-bypasses-mesh',
]
