/** Question 3: native or Consul discovery? And the ladders of names. */
import type { FaultId } from '../faults/index.ts'
import { attempt } from './attempt.ts'
import { meshLadder } from './mesh.ts'
import { askFact, type Question } from './question.ts'
import { templateLadder } from './templates.ts'

/** Names that do not resolve. */
export const namesLadder: readonly FaultId[] = [
  'dns-attr-renamed',
  'dns-loopback-resolver',
  'dns-port-8600',
  'dns-consul-not-forwarded',
  'dns-servers-replace-host',
  'consul-dns-acl-empty',
  'dns-daemon-ignored-regression',
  'dns-lost-after-client-restart',
]

/** Native services and nomadService templates. */
export const nativeLadder: readonly FaultId[] = [
  'template-wrong-catalog',
  'nsd-cross-namespace',
  'nsd-registration-missing',
  'nsd-literal-port-empty-address',
  'template-empty-range-starts',
  'nsd-stale-registration',
  'nsd-unhealthy-returned',
  ...templateLadder,
  'template-env-key-overwritten',
]

/** Consul's catalogue, health and templates. */
export const consulLadder: readonly FaultId[] = [
  'consul-fingerprint-stale',
  'consul-registration-denied',
  'consul-token-expired-ttl',
  'consul-datacenter-mismatch',
  'consul-check-address-mode',
  'consul-service-critical-filtered',
  'template-wrong-catalog',
  'consul-tag-mismatch',
  'template-empty-range-starts',
  'consul-stale-service',
  'consul-dns-a-not-srv',
  'consul-address-differs',
  'consul-shared-agent-flapping',
  'consul-check-name-missing-deploy',
  ...templateLadder,
  'template-env-key-overwritten',
]

/** Both catalogues, each fault once. */
const catalogueLadder: readonly FaultId[] = [...new Set([...nativeLadder, ...consulLadder])]

/** Addresses written down by hand. */
export const fixedLadder: readonly FaultId[] = [
  'dns-attr-renamed',
  'dns-port-8600',
  'dns-consul-not-forwarded',
  'dns-servers-replace-host',
]

/** Addresses taken from environment variables or localhost. */
export const localLadder: readonly FaultId[] = []

export const nativeOrConsul: Question<FaultId> = askFact<
  FaultId,
  | 'localhost'
  | 'env-variable'
  | 'nomad-template'
  | 'consul-template'
  | 'consul-dns'
  | 'mesh-upstream'
  | 'transparent-proxy'
  | 'fixed-address'
  | 'load-balancer',
  'path.discovery'
>({
  id: 'discovery',
  ask: 'Native or Consul discovery: how does the source find the target?',
  why: 'Each way of finding an address has its own way of being wrong or stale.',
  reads: 'path.discovery',
  answer: (discovery) => discovery,
  unsure: 'fixed-address',
  answers: {
    localhost: { label: 'localhost', then: [...localLadder, attempt] },
    'env-variable': { label: 'an environment variable of Nomad', then: [...localLadder, attempt] },
    'nomad-template': { label: 'a template over Nomad services', then: [...nativeLadder, attempt] },
    'consul-template': { label: 'a template over Consul services', then: [...consulLadder, attempt] },
    'consul-dns': { label: 'Consul DNS', then: [...namesLadder, ...consulLadder, attempt] },
    'mesh-upstream': { label: 'an upstream of the service mesh', then: [...meshLadder, attempt] },
    'transparent-proxy': { label: 'the transparent proxy of the mesh', then: [...meshLadder, attempt] },
    'fixed-address': { label: 'a fixed address', then: [...fixedLadder, ...catalogueLadder, attempt] },
    'load-balancer': { label: 'a load balancer or another machine', then: [...fixedLadder, attempt] },
  },
})
