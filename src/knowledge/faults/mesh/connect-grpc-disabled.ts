import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from '../placement/examples.ts'

const told = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^\$\{attr\.consul\.grpc\} > 0$/)[0]

export const connectGrpcDisabled = fault({
  id: 'connect-grpc-disabled',
  about: 'group',
  title: 'The Consul agents of the clients have no gRPC port, which sidecars need',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.consul.grpc} > 0": <n> nodes excluded by filter',
    'gRPC config stream closed: 14',
    'dial tcp 127.0.0.1:8502: connect: connection refused',
    'error connecting to grpc: alloc_id=<alloc> error="dial tcp <address>:8502: connect: connection refused"',
    'gRPC config stream to local_agent closed since <n>s ago: 14, upstream connect error or disconnect/reset before headers. reset reason: connection failure',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const found = told(refusals)
    return found
      ? {
          says: `${clients(found.count)} ${found.count === 1 ? 'is' : 'are'} left out, because the Consul agent there has its gRPC port switched off (attr.consul.grpc)`,
          severity: grave(placement),
        }
      : false
  },
  byHand:
    'nomad node status -verbose <node>: consul.grpc is -1 or missing. Restart the Nomad agent after a change in Consul.',
  explains: ['computed-class-ineligible'],
  because:
    'A sidecar gets its listeners, destinations and certificates from Consul over gRPC, all the time it runs. That port is off unless Consul runs in development mode or its configuration sets ports.grpc. A sidecar brings a constraint on it, so clients whose Consul agent has no such port are left out.',
  fix: () => [
    {
      do: 'Set ports { grpc = 8502 } and restart the Consul agent',
      on: 'Consul configuration',
      risk: 'Services of the client are away from Consul for a moment',
    },
    {
      do: 'Then restart the Nomad agent, which keeps the old answer in mind otherwise',
      on: 'client',
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
    'https://github.com/hashicorp/nomad/issues/12111',
  ],
  versions: { nomad: '>= 1.1.1' },
  since: '0.1.0',
  examples: [
    {
      name: 'no client has the port',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { '${attr.consul.grpc} > 0': 2 } }),
      },
      then: 'present',
    },
    {
      name: 'another constraint',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { '${attr.kernel.name} = linux': 2 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
})
