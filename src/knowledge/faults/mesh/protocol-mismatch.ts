import { fault } from '../../fault.ts'
import { group, meshed } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Intention } from '../../shapes/runtime.ts'

/** An intention with HTTP permissions for a service that Consul takes for plain tcp. */
function wrong(intentions: readonly Intention[], target: GroupSpec, protocols: Readonly<Record<string, string>>) {
  for (const { name, connect } of target.services) {
    const protocol = protocols[name] ?? protocols['*'] ?? 'tcp'
    const found = intentions.find(({ action, destination }) => action === 'l7' && destination === name)
    if (connect && found && protocol === 'tcp') return { service: name, source: found.source }
  }
  return undefined
}

const base = {
  'path.mesh': 'upstream',
  'path.l7-intention': 'some',
  'source.group.spec': group(),
  'target.group.spec': group({ services: [meshed()] }),
  'cluster.consul.intentions': [{ source: 'web', destination: 'orders', action: 'l7', precedence: 9 }],
} as const

export const protocolMismatch = fault({
  id: 'protocol-mismatch',
  about: 'path',
  title: 'An intention looks at HTTP, but Consul takes the service for plain TCP',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['RBAC: access denied', 'intention has permissions, and every call is denied'],
  onlyWhen: { 'path.l7-intention': ['some'] },
  needs: [
    'source.group.spec',
    'path.mesh',
    'target.group.spec',
    'cluster.consul.intentions',
    'cluster.consul.protocols',
  ],
  shows: ['cluster.consul.intentions', 'cluster.consul.protocols'],
  holds: (known) => {
    const found = wrong(
      known['cluster.consul.intentions'],
      known['target.group.spec'],
      known['cluster.consul.protocols'],
    )
    return found && known['path.mesh'] !== 'none'
      ? `The intention ${found.source} => ${found.service} has HTTP permissions, but ${found.service} has protocol tcp in Consul, where such an intention denies everything`
      : false
  },
  byHand: 'consul config read -kind service-defaults -name <service>: Protocol is missing or tcp.',
  explains: ['connect-intention-denied'],
  because:
    'Permissions by path, method or header can be checked only where the sidecar reads HTTP, and it does so only for services whose protocol is http, http2 or grpc. Without service-defaults a service is tcp. Consul cannot tell whether a TCP connection would keep to the permissions, so it denies it.',
  fix: (known) => {
    const found = wrong(
      known['cluster.consul.intentions'],
      known['target.group.spec'],
      known['cluster.consul.protocols'],
    )
    return [
      {
        do: `Write service-defaults for ${found?.service ?? 'the service'} with Protocol = "http", if it speaks HTTP`,
        on: 'Consul',
        run: ['consul', 'config', 'write', 'service-defaults.hcl'],
        risk: 'Callers that speak something else than HTTP to it are cut off',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/consul/docs/secure-mesh/intention',
    'https://developer.hashicorp.com/nomad/docs/job-specification/gateway',
  ],
  since: '0.1.0',
  examples: [
    { name: 'no service-defaults', given: { ...base, 'cluster.consul.protocols': { '*': 'tcp' } }, then: 'present' },
    {
      name: 'the service speaks http',
      given: { ...base, 'cluster.consul.protocols': { '*': 'tcp', orders: 'http' } },
      then: 'absent',
    },
    {
      name: 'no intention with permissions',
      given: { ...base, 'path.l7-intention': 'none', 'cluster.consul.protocols': { '*': 'tcp' } },
      then: 'absent',
    },
  ],
})
