import type { GroupSpec, JobSpec } from '../../shapes/job.ts'
import { pinned } from '../../said.ts'
import { group, job } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from './examples.ts'

const taken = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'dimensions', /^network: reserved port collision (.+)=(\d+)$/)

/** More instances than clients, and a static port that a client can give once. */
function crowded(spec: GroupSpec, job: JobSpec) {
  const client = pinned(spec) ?? pinned(job)
  const port = spec.network?.ports.find(({ static: host, ignoreCollision }) => host !== undefined && !ignoreCollision)
  return client !== undefined && port && spec.count > 1 && !job.type.startsWith('sys') ? { client, port } : undefined
}
const pinnedGroup = (count: number) =>
  group({
    count,
    constraints: [{ left: '${attr.unique.hostname}', operand: '=', right: 'lic-01' }],
    network: { mode: '', ports: [{ label: 'http', static: 8090, hostNetwork: 'default' }] },
  })

export const reservedPortCollision = fault({
  id: 'reserved-port-collision',
  about: 'group',
  title: 'The static port is taken on every client that is left',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Dimension "network: reserved port collision <label>=<port>" exhausted on <n> nodes',
    'network: reserved port collision <label>=<port>',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const [first] = taken(refusals)
    if (!first || !refusals) return false
    const [label = '', port = ''] = first.words
    return {
      says: `Static port ${port} (${label}) is taken or reserved on ${first.count} of ${clients(refusals.nodesEvaluated)} the scheduler looked at`,
      severity: grave(placement),
    }
  },
  byHand:
    'nomad alloc status of the allocations on the client: which one has the port? If none has, look at reserved_ports in the client configuration. Allocations that are being stopped count until the client reports them dead.',
  explains: [],
  because:
    "A static port can be given once per client and address. The scheduler counts the ports of every allocation on the client that is not finished yet, its own job's older allocations included, and the ports the client reserves for others. With a static port a group therefore needs one free client per allocation, during updates with canaries even more.",
  fix: ({ 'group.refusals': refusals }) => {
    const [label = '', port = ''] = taken(refusals)[0]?.words ?? []
    return [
      {
        do: `Let port ${label} be dynamic (drop static = ${port}) and let callers find it by service discovery`,
        on: 'job file',
        risk: 'Callers that use the fixed port must change',
      },
      {
        do: `Or give it another static port, or stop what holds ${port}`,
        on: 'job file',
        risk: 'Callers that use the fixed port must change',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#static',
    'nomad/structs/network.go, AssignPorts',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'taken on both clients',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({
          nodesFiltered: 0,
          nodesExhausted: 2,
          dimensionExhausted: { 'network: reserved port collision http=8080': 2 },
        }),
      },
      then: 'present',
    },
    {
      name: 'dynamic ports are used up',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: dynamic port selection failed': 2 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'job.spec'],
    shows: ['group.spec'],
    holds: ({ 'group.spec': spec, 'job.spec': job }) => {
      const found = crowded(spec, job)
      return found
        ? {
            says: `Group ${spec.name} wants ${spec.count} allocations on client ${found.client} alone, which can give the static port ${found.port.static} to one of them`,
            severity: 'breaks',
            at: [spec, 'count'],
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => [
      {
        do: `Set count = 1 in group ${spec.name}, let it run on more clients, or make the port dynamic`,
        on: 'job file',
        risk: 'The job is deployed anew',
      },
    ],
    examples: [
      { name: 'three on one client', given: { 'group.spec': pinnedGroup(3), 'job.spec': job() }, then: 'present' },
      { name: 'one on one client', given: { 'group.spec': pinnedGroup(1), 'job.spec': job() }, then: 'absent' },
    ],
  },
})
