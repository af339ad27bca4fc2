import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from './examples.ts'

const clashing = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'dimensions', /^network: (port collision|invalid node)$/)

export const nodePortCollision = fault({
  id: 'node-port-collision',
  about: 'group',
  title: 'A client takes nothing any more, because its allocations already contend for a port',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Dimension "network: port collision" exhausted on <n> nodes',
    'Dimension "network: invalid node" exhausted on <n> nodes',
    'unexpected node port collision, refer to https://developer.hashicorp.com/nomad/s/port-plan-failure for more information',
    'collision when reserving port for alloc <alloc>: [port <port> already in use]',
    'network: port collision',
    'network: invalid node',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const [first] = clashing(refusals)
    return first
      ? {
          says: `On ${clients(first.count)} two allocations, or an allocation and a reserved port, claim the same port, so nothing else can be placed there`,
          severity: grave(placement),
        }
      : false
  },
  byHand:
    'nomad node status -json <node> and its allocations: two that are not finished have the same address and port, or reserved_ports holds one of theirs. The server log names the allocation.',
  explains: [],
  because:
    'Before it looks at the new group, the scheduler enters the ports of everything that already lives on a client. If two of them have the same address and port, it takes the whole client for unusable, for any job, even one without ports. That comes from overlapping updates of system jobs in older versions, or from reserved_ports that were extended by a port in use.',
  fix: () => [
    {
      do: 'Find the two allocations with the same port on the client and stop one of them: nomad alloc stop <alloc>',
      on: 'cluster',
      risk: 'That allocation ends; another one is placed',
    },
    {
      do: 'Or take the port out of reserved_ports of the client, and restart the agent',
      on: 'client configuration',
      risk: 'none',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/18509',
    'https://github.com/hashicorp/nomad/issues/13505',
    'scheduler/feasible/rank.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the scheduler says so',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: port collision': 1 } }),
      },
      then: 'present',
    },
    {
      name: 'a static port of the group itself is taken',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=8080': 1 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
})
