import { fault } from '../../fault.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** A listener whose protocol is not the one Consul has for a service behind it. */
function wrong(spec: GroupSpec, protocols: Readonly<Record<string, string>>) {
  for (const { name, connect } of spec.services)
    for (const { port, protocol, services } of connect?.listeners ?? []) {
      const other = services.find(
        (one) => one !== '*' && one !== '' && (protocols[one] ?? protocols['*'] ?? 'tcp') !== protocol,
      )
      if (other !== undefined)
        return { gateway: name, port, protocol, service: other, has: protocols[other] ?? protocols['*'] ?? 'tcp' }
    }
  return undefined
}

const gateway = (protocol: string) =>
  group({
    services: [
      service({
        name: 'ingress',
        provider: 'consul',
        port: '8080',
        connect: { native: false, gateway: true, listeners: [{ port: 8080, protocol, services: ['website'] }] },
      }),
    ],
  })

export const ingressProtocolMismatch = fault({
  id: 'ingress-protocol-mismatch',
  about: 'group',
  title: 'A listener of the ingress gateway has another protocol than the service behind it',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['service "<service>" has protocol "tcp", which does not match defined listener protocol "http"'],
  onlyWhen: { 'group.mesh': ['gateway'] },
  needs: ['group.spec', 'cluster.consul.protocols'],
  holds: ({ 'group.spec': spec, 'cluster.consul.protocols': protocols }) => {
    const found = wrong(spec, protocols)
    return found
      ? `Listener ${found.port} of gateway ${found.gateway} is ${found.protocol}, but Consul has protocol ${found.has} for ${found.service}, so it refuses the gateway`
      : false
  },
  byHand: 'consul config read -kind service-defaults -name <service>: Protocol; compare with protocol of the listener.',
  explains: ['connect-destination-unhealthy'],
  because:
    "When a job with an ingress gateway is submitted, the Nomad servers write the gateway's listeners into Consul. Consul accepts them only if each service behind a listener has the protocol of that listener. A service without service-defaults is tcp, so an http listener needs that entry first; the job itself passes validation.",
  fix: ({ 'group.spec': spec, 'cluster.consul.protocols': protocols }) => {
    const found = wrong(spec, protocols)
    return [
      {
        do: `Write service-defaults for ${found?.service ?? 'the service'} with Protocol = "${found?.protocol ?? 'http'}" before the job is run, or proxy-defaults for all`,
        on: 'Consul',
        run: ['consul', 'config', 'write', 'service-defaults.hcl'],
        risk: 'Callers that speak something else to it are cut off',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/gateway',
    'https://github.com/hashicorp/nomad/issues/8647',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'an http listener before a tcp service',
      given: { 'group.mesh': 'gateway', 'group.spec': gateway('http'), 'cluster.consul.protocols': { '*': 'tcp' } },
      then: 'present',
    },
    {
      name: 'service-defaults say http',
      given: {
        'group.mesh': 'gateway',
        'group.spec': gateway('http'),
        'cluster.consul.protocols': { '*': 'tcp', website: 'http' },
      },
      then: 'absent',
    },
    {
      name: 'no gateway',
      given: { 'group.mesh': 'none', 'group.spec': group(), 'cluster.consul.protocols': { '*': 'tcp' } },
      then: 'absent',
    },
  ],
})
