import { printed } from './evidence.ts'
import { lastWords } from './last-words.ts'
import { knowing } from './not-up.ts'
import type { Sign } from './report.ts'
import { resolve } from './resolve.ts'
import type { Thing } from './things.ts'
import type { World } from './fact.ts'

/**
 * Runs of batch jobs that failed, or that start again and again: nobody has to reach them for that to be wrong. Where a run
 * is somebody's target, what is told of the target tells it.
 */
export function failedRuns(scope: readonly Thing[], world: World): readonly Sign[] {
  const targets = new Set(scope.map(({ links }) => links['target.alloc']))
  return scope
    .filter(({ id, kind }) => kind === 'alloc' && !targets.has(id))
    .flatMap((alloc): readonly Sign[] => {
      const know = knowing(alloc, world)
      const record = know('alloc.record')
      if (!record || !batch.has(record.jobType) || know('job.spec')?.stopped === true) return []
      const failed = record.clientStatus === 'failed'
      if (!failed && know('alloc.start') !== 'unsteady') return []
      const told = { failure: know('alloc.driver-failure'), error: know('alloc.bind-error'), logs: know('alloc.logs') }
      const words = lastWords(record.tasks, told)
      const sentence = `allocation ${record.id.slice(0, 8)} of ${record.job}/${record.group} ${failed ? 'failed' : 'does not stay up'}${words}`
      const shown = (['alloc.record', 'alloc.logs'] as const).map((need) => resolve(world, alloc, need))
      const evidence = shown.flatMap((held) => (held.state === 'known' ? held.seen.map(printed) : []))
      return [{ about: alloc.about, sentence, meets: 'not-up', evidence }]
    })
}

const batch: ReadonlySet<string> = new Set(['batch', 'sysbatch'])
