import { fault } from '../../fault.ts'
import { group, record } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

/** Of the group's allocations the newest that had to make room. */
const evicted = (records: readonly AllocRecord[], group: string): AllocRecord | undefined =>
  records
    .filter((one) => one.group === group && one.preemptedBy !== undefined)
    .toSorted((a, b) => b.createIndex - a.createIndex)[0]

const out = record('a1', { desiredStatus: 'evict', clientStatus: 'complete', preemptedBy: '9c4d7a10-aaaa' })

export const ingressPreemptsOrIsPreempted = fault({
  id: 'ingress-preempts-or-is-preempted',
  about: 'group',
  title: 'An allocation had to make room for a job of higher priority and has no other place',
  layer: 'scheduler',
  severity: 'degrades',
  heard: ['Preempted by alloc ID <alloc>', 'Desired Description = Preempted by alloc ID <alloc>'],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['job.allocations', 'group.spec'],
  shows: ['job.allocations'],
  holds: ({ 'job.allocations': records, 'group.spec': { name } }) => {
    const found = evicted(records, name)
    return found?.preemptedBy === undefined
      ? false
      : `Allocation ${found.id.slice(0, 8)} of group ${name} was preempted on ${found.nodeName} by allocation ${found.preemptedBy.slice(0, 8)} of a job with higher priority`
  },
  byHand:
    'nomad job status <job>: an allocation with desired status evict; nomad alloc status of it says "Preempted by alloc ID".',
  explains: [],
  because:
    'When a client is full, or a static port is taken, the scheduler may stop allocations whose job has a priority at least ten points lower. For system jobs this preemption is on by default: an ingress that comes to a client takes port 80 away from an application that had it. The loser waits until some client has its port and resources free.',
  fix: () => [
    {
      do: 'Give the two jobs different static ports, or constraints that keep them on different clients',
      on: 'job file',
      risk: 'The allocations are replaced',
    },
    {
      do: 'Or bring their priorities within ten points, so that neither can evict the other',
      on: 'job file',
      risk: 'The later one then waits instead',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/concepts/scheduling/preemption',
    'https://developer.hashicorp.com/nomad/docs/job-specification/job#priority',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'evicted, and nowhere to go',
      given: { 'group.placement': 'not-placed', 'job.allocations': [out], 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'stopped for another reason',
      given: {
        'group.placement': 'not-placed',
        'job.allocations': [record('a1', { desiredStatus: 'stop', clientStatus: 'complete' })],
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'it found another place',
      given: { 'group.placement': 'placed', 'job.allocations': [out, record('a2')], 'group.spec': group() },
      then: 'absent',
    },
  ],
})
