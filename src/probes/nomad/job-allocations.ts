import { nomad } from '../../ask/nomad.ts'
import { array } from '../json.ts'
import { fromJson, held, probe } from '../probe.ts'
import { allocLine, allocRecord } from './alloc-record.ts'
import { isUnregistered, ofJob, type OfJob } from './job.ts'

export const jobAllocations = probe({
  id: 'job-allocations',
  about: 'job',
  title: 'Listing the allocations of the job',
  provides: ['job.allocations'],
  given: [],
  cost: 'free',
  read: (ask, thing) => ofJob(ask, thing, nomad.jobAllocations(thing.names.job ?? '', thing.names.namespace)),
  parse: ({ answer, job }: OfJob, { names }) => ({
    'job.allocations': isUnregistered(job, names)
      ? held('job-allocations', answer, [], `job ${names.job ?? ''} is not registered`)
      : fromJson('job-allocations', answer, (json) => {
          const found = array(json).map(allocRecord)
          return [found, found.map(allocLine).join('\n') || 'no allocation']
        }),
  }),
})
