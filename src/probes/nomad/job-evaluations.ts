import { nomad } from '../../ask/nomad.ts'
import { array } from '../json.ts'
import { fromJson, held, probe } from '../probe.ts'
import { evaluation, failureLines } from './evaluation.ts'
import { isUnregistered, ofJob, type OfJob } from './job.ts'

export const jobEvaluations = probe({
  id: 'job-evaluations',
  about: 'job',
  title: "Reading the scheduler's evaluations of the job",
  provides: ['job.evaluations'],
  given: [],
  cost: 'free',
  read: (ask, thing) => ofJob(ask, thing, nomad.jobEvaluations(thing.names.job ?? '', thing.names.namespace)),
  parse: ({ answer, job }: OfJob, { names }) => ({
    'job.evaluations': isUnregistered(job, names)
      ? held('job-evaluations', answer, [], `job ${names.job ?? ''} is not registered`)
      : fromJson('job-evaluations', answer, (json) => {
          const found = array(json)
            .map(evaluation)
            .toSorted((a, b) => b.createIndex - a.createIndex)
          const lines = found
            .slice(0, 4)
            .map(({ id, status, triggeredBy, failed }) =>
              [
                `${id.slice(0, 8)} ${status} (${triggeredBy})`,
                ...Object.entries(failed).map(([group, why]) => failureLines(group, why)),
              ].join('\n'),
            )
          return [found, lines.join('\n') || 'no evaluation']
        }),
  }),
})
