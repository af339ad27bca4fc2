import { fault } from '../../fault.ts'
import { group, meshed, nodeDocument } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** An upstream of the target in another datacenter than the source's. */
const far = (source: GroupSpec, target: GroupSpec, own: string) =>
  source.services
    .flatMap(({ connect }) => connect?.sidecar?.upstreams ?? [])
    .find(
      ({ destination, datacenter = '' }) =>
        datacenter !== '' && datacenter !== own && target.services.some(({ name }) => name === destination),
    )

const calling = (datacenter: string) =>
  group({
    services: [meshed({ name: 'web' }, { upstreams: [{ destination: 'orders', localBindPort: 9191, datacenter }] })],
  })
const base = {
  'path.mesh': 'upstream',
  'target.group.spec': group({ services: [meshed()] }),
  'source.node.document': nodeDocument({ attributes: { 'consul.datacenter': 'dc1' } }),
} as const

export const meshCrossDc = fault({
  id: 'mesh-cross-dc',
  about: 'path',
  title: 'The upstream is in another datacenter, which wants mesh gateways on both sides',
  layer: 'mesh',
  severity: 'risks',
  heard: [
    'no healthy upstream',
    'upstream connect error or disconnect/reset before headers. reset reason: connection timeout',
  ],
  onlyWhen: { 'path.mesh': ['upstream'] },
  needs: ['source.group.spec', 'target.group.spec', 'source.node.document'],
  shows: ['source.group.spec', 'source.node.document'],
  holds: (known) => {
    const own = known['source.node.document'].attributes['consul.datacenter'] ?? ''
    const found = own === '' ? undefined : far(known['source.group.spec'], known['target.group.spec'], own)
    return found
      ? `Upstream ${found.destination} is in Consul datacenter ${found.datacenter ?? ''}, its caller in ${own}: the call needs mesh gateways, or a network that is flat between them`
      : false
  },
  intended: 'where mesh gateways stand in both data centres',
  byHand:
    'curl http://127.0.0.1:8500/v1/health/connect/<service>?dc=<datacenter> has instances; is a mesh gateway registered and passing in both datacenters?',
  explains: [],
  because:
    'A sidecar dials the sidecar of its destination directly. Between datacenters that works only where each client can reach each client of the other side. Otherwise the calls go through a mesh gateway on both sides, and proxy-defaults or the upstream must say so; with ACLs the token must also be able to read the service in the other datacenter.',
  fix: () => [
    {
      do: 'Run a mesh gateway in both datacenters and set mode = "local" for mesh gateways in proxy-defaults',
      on: 'Consul and a job in each datacenter',
      risk: 'All calls between the datacenters go through the gateways from then on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/upstreams',
    'https://developer.hashicorp.com/nomad/docs/job-specification/gateway',
  ],
  since: '0.1.0',
  examples: [
    { name: 'another datacenter', given: { ...base, 'source.group.spec': calling('dc2') }, then: 'present' },
    { name: 'its own datacenter, by name', given: { ...base, 'source.group.spec': calling('dc1') }, then: 'absent' },
    {
      name: 'the call does not go through an upstream',
      given: { ...base, 'path.mesh': 'none', 'source.group.spec': calling('dc2') },
      then: 'absent',
    },
  ],
})
