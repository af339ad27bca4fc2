/** Faults of this area, in the order of their ids. */
import { consulCheckAddressMode } from './consul-check-address-mode.ts'
import { consulDnsANotSrv } from './consul-dns-a-not-srv.ts'
import { consulFingerprintStale } from './consul-fingerprint-stale.ts'
import { consulServiceCriticalFiltered } from './consul-service-critical-filtered.ts'
import { consulStaleService } from './consul-stale-service.ts'
import { consulTagMismatch } from './consul-tag-mismatch.ts'
import { dnsConsulNotForwarded } from './dns-consul-not-forwarded.ts'
import { dnsLoopbackResolver } from './dns-loopback-resolver.ts'
import { dnsPort8600 } from './dns-port-8600.ts'
import { dnsServersReplaceHost } from './dns-servers-replace-host.ts'
import { nsdCheckFailing } from './nsd-check-failing.ts'
import { nsdCrossNamespace } from './nsd-cross-namespace.ts'
import { nsdRegistrationMissing } from './nsd-registration-missing.ts'
import { nsdStaleRegistration } from './nsd-stale-registration.ts'
import { nsdUnhealthyReturned } from './nsd-unhealthy-returned.ts'
import { servicePortLabelUnknown } from './service-port-label-unknown.ts'
import { templateEmptyRangeStarts } from './template-empty-range-starts.ts'
import { templateEnvKeyOverwritten } from './template-env-key-overwritten.ts'
import { templateMissingDependency } from './template-missing-dependency.ts'
import { templateSelfDependency } from './template-self-dependency.ts'
import { templateWrongCatalog } from './template-wrong-catalog.ts'

export const discoveryFaults = [
  consulCheckAddressMode,
  consulDnsANotSrv,
  consulFingerprintStale,
  consulServiceCriticalFiltered,
  consulStaleService,
  consulTagMismatch,
  dnsConsulNotForwarded,
  dnsLoopbackResolver,
  dnsPort8600,
  dnsServersReplaceHost,
  nsdCheckFailing,
  nsdCrossNamespace,
  nsdRegistrationMissing,
  nsdStaleRegistration,
  nsdUnhealthyReturned,
  servicePortLabelUnknown,
  templateEmptyRangeStarts,
  templateEnvKeyOverwritten,
  templateMissingDependency,
  templateSelfDependency,
  templateWrongCatalog,
] as const
