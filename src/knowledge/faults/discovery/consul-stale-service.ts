import { allocOf, healthOf, isOver, place, short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { instance, record } from '../../samples.ts'
import type { AllocRecord, ConsulInstance } from '../../shapes/runtime.ts'

const at = (one: ConsulInstance) => place({ address: one.address || one.nodeAddress, port: one.port })

/** Checks that Consul itself makes at the address of the service. */
const asking = ['http', 'tcp', 'grpc', 'h2ping']

/** Something is there: a client whose agent is away may run its allocations all the same. */
const answers = ({ checks }: ConsulInstance): boolean =>
  checks.some(({ type, status }) => status === 'passing' && asking.includes(type))

/** Instances of dead allocations that Consul still hands out, unless a live one has the same address and port. */
function stale(instances: readonly ConsulInstance[], records: readonly AllocRecord[]) {
  const known = instances.flatMap((one) => {
    const alloc = allocOf(one)
    const ended = alloc === undefined ? undefined : isOver(records, alloc)
    return alloc === undefined || ended === undefined ? [] : [{ one, alloc, alive: !ended || answers(one) }]
  })
  const live = known.filter(({ alive }) => alive).map(({ one }) => at(one))
  return {
    live,
    gone: known.filter(({ one, alive }) => !alive && healthOf(one) !== 'critical' && !live.includes(at(one))),
  }
}

const a = '11111111-1111-1111-1111-111111111111'
const b = '22222222-2222-2222-2222-222222222222'

export const consulStaleService = fault({
  id: 'consul-stale-service',
  about: 'service',
  title: 'Consul lists an allocation that no longer runs',
  layer: 'name',
  severity: 'breaks',
  heard: ['Consul still lists an allocation that is gone', 'old instance in consul catalog'],
  onlyWhen: { 'service.provider': ['consul'] },
  needs: ['service.consul', 'job.allocations'],
  holds: ({ 'service.consul': instances, 'job.allocations': records }) => {
    const { gone, live } = stale(instances, records)
    const [first] = gone
    if (!first) return false
    const status = records.find(({ id }) => id === first.alloc)?.clientStatus ?? 'gone'
    return {
      says: `Consul on ${first.one.node} still lists ${first.one.service} at ${at(first.one)}, but allocation ${short(first.alloc)} is ${status}${live.length > 0 ? `; ${live.length} live beside it` : ''}`,
      severity: live.length > 0 ? 'degrades' : 'breaks',
    }
  },
  byHand:
    'The service id in Consul (_nomad-task-<alloc>-...) names the allocation: nomad alloc status <alloc> must say running.',
  explains: [],
  because:
    'Only the Nomad client that registered a service takes it out of its Consul agent. When that client is killed hard, or loses its data, the Consul agent beside it runs on and keeps the service; without a check of its own the instance even stays passing. Consul hands the dead address out like the others.',
  fix: ({ 'service.consul': instances, 'job.allocations': records }) => [
    ...stale(instances, records).gone.map(({ one }) => ({
      do: `Deregister the instance at the Consul agent of ${one.node}`,
      on: `client ${one.node}`,
      run: ['consul', 'services', 'deregister', `-id=${one.id}`],
      risk: 'none',
    })),
    {
      do: 'Start the Nomad client of that machine again: it takes services away that it does not know',
      on: 'client',
      risk: 'none',
    },
    {
      do: 'Give the service a check, so that a dead instance turns critical by itself',
      on: 'job file',
      risk: 'The deployment then waits for the check',
    },
  ],
  references: [
    'https://developer.hashicorp.com/consul/commands/services/deregister',
    'https://developer.hashicorp.com/nomad/docs/job-specification/check',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the allocation is lost, its instance passes',
      given: {
        'service.provider': 'consul',
        'service.consul': [instance(a, { address: '10.0.0.2' }), instance(b)],
        'job.allocations': [record(a, { clientStatus: 'lost', desiredStatus: 'stop' }), record(b)],
      },
      then: 'present',
    },
    {
      name: 'the agent of its client is away, and a check of Consul finds it alive',
      given: {
        'service.provider': 'consul',
        'service.consul': [
          instance(a, { checks: [{ id: 'c', name: 'alive', type: 'http', status: 'passing', output: '200 OK' }] }),
        ],
        'job.allocations': [record(a, { clientStatus: 'lost', desiredStatus: 'stop' })],
      },
      then: 'absent',
    },
    {
      name: 'both run',
      given: {
        'service.provider': 'consul',
        'service.consul': [instance(a, { address: '10.0.0.2' }), instance(b)],
        'job.allocations': [record(a), record(b)],
      },
      then: 'absent',
    },
    {
      name: 'a native service',
      given: { 'service.provider': 'nomad', 'service.consul': [], 'job.allocations': [] },
      then: 'absent',
    },
  ],
})
