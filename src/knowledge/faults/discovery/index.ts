/** Faults of this area, in the order of their ids. */
import { consulAddressDiffers } from './consul-address-differs.ts'
import { consulAgentAclNoAgentRead } from './consul-agent-acl-no-agent-read.ts'
import { consulCheckAddressMode } from './consul-check-address-mode.ts'
import { consulCheckNameMissingDeploy } from './consul-check-name-missing-deploy.ts'
import { consulDatacenterMismatch } from './consul-datacenter-mismatch.ts'
import { consulDnsANotSrv } from './consul-dns-a-not-srv.ts'
import { consulDnsAclEmpty } from './consul-dns-acl-empty.ts'
import { consulFingerprintStale } from './consul-fingerprint-stale.ts'
import { consulRegistrationDenied } from './consul-registration-denied.ts'
import { consulServiceCriticalFiltered } from './consul-service-critical-filtered.ts'
import { consulSharedAgentFlapping } from './consul-shared-agent-flapping.ts'
import { consulStaleService } from './consul-stale-service.ts'
import { consulTagMismatch } from './consul-tag-mismatch.ts'
import { consulTokenExpiredTtl } from './consul-token-expired-ttl.ts'
import { consulVersionTooOld } from './consul-version-too-old.ts'
import { consulWiLoginFailed } from './consul-wi-login-failed.ts'
import { dnsAttrRenamed } from './dns-attr-renamed.ts'
import { dnsConsulNotForwarded } from './dns-consul-not-forwarded.ts'
import { dnsDaemonIgnoredRegression } from './dns-daemon-ignored-regression.ts'
import { dnsLoopbackResolver } from './dns-loopback-resolver.ts'
import { dnsLostAfterClientRestart } from './dns-lost-after-client-restart.ts'
import { dnsPort8600 } from './dns-port-8600.ts'
import { dnsServersReplaceHost } from './dns-servers-replace-host.ts'
import { nsdCheckFailing } from './nsd-check-failing.ts'
import { nsdChecksOldClient } from './nsd-checks-old-client.ts'
import { nsdClientDisabled } from './nsd-client-disabled.ts'
import { nsdConnectBlock } from './nsd-connect-block.ts'
import { nsdCrossNamespace } from './nsd-cross-namespace.ts'
import { nsdLiteralPortEmptyAddress } from './nsd-literal-port-empty-address.ts'
import { nsdMixedProviders } from './nsd-mixed-providers.ts'
import { nsdRegistrationMissing } from './nsd-registration-missing.ts'
import { nsdServersUnreachable } from './nsd-servers-unreachable.ts'
import { nsdStaleRegistration } from './nsd-stale-registration.ts'
import { nsdTemplatePermissionDenied } from './nsd-template-permission-denied.ts'
import { nsdUnhealthyReturned } from './nsd-unhealthy-returned.ts'
import { nsdUnsupportedCheckType } from './nsd-unsupported-check-type.ts'
import { scriptCheckWithoutTask } from './script-check-without-task.ts'
import { serviceAddressNoneReachable } from './service-address-none-reachable.ts'
import { serviceNameInvalid } from './service-name-invalid.ts'
import { serviceNoPort } from './service-no-port.ts'
import { servicePortLabelUnknown } from './service-port-label-unknown.ts'
import { templateEmptyRangeStarts } from './template-empty-range-starts.ts'
import { templateEnvKeyOverwritten } from './template-env-key-overwritten.ts'
import { templateMissingDependency } from './template-missing-dependency.ts'
import { templateSelfDependency } from './template-self-dependency.ts'
import { templateWrongCatalog } from './template-wrong-catalog.ts'

export const discoveryFaults = [
  consulAddressDiffers,
  consulAgentAclNoAgentRead,
  consulCheckAddressMode,
  consulCheckNameMissingDeploy,
  consulDatacenterMismatch,
  consulDnsANotSrv,
  consulDnsAclEmpty,
  consulFingerprintStale,
  consulRegistrationDenied,
  consulServiceCriticalFiltered,
  consulSharedAgentFlapping,
  consulStaleService,
  consulTagMismatch,
  consulTokenExpiredTtl,
  consulVersionTooOld,
  consulWiLoginFailed,
  dnsAttrRenamed,
  dnsConsulNotForwarded,
  dnsDaemonIgnoredRegression,
  dnsLoopbackResolver,
  dnsLostAfterClientRestart,
  dnsPort8600,
  dnsServersReplaceHost,
  nsdCheckFailing,
  nsdChecksOldClient,
  nsdClientDisabled,
  nsdConnectBlock,
  nsdCrossNamespace,
  nsdLiteralPortEmptyAddress,
  nsdMixedProviders,
  nsdRegistrationMissing,
  nsdServersUnreachable,
  nsdStaleRegistration,
  nsdTemplatePermissionDenied,
  nsdUnhealthyReturned,
  nsdUnsupportedCheckType,
  scriptCheckWithoutTask,
  serviceAddressNoneReachable,
  serviceNameInvalid,
  serviceNoPort,
  servicePortLabelUnknown,
  templateEmptyRangeStarts,
  templateEnvKeyOverwritten,
  templateMissingDependency,
  templateSelfDependency,
  templateWrongCatalog,
] as const
