import type { World } from '../knowledge/fact.ts'
import { value } from '../knowledge/held.ts'
import { readable } from '../knowledge/hole.ts'
import { portAsked, type Subject } from '../knowledge/subject.ts'
import { allocId, jobId } from '../knowledge/things.ts'
import { callersIn } from './callers.ts'

interface Job {
  readonly id: string
  readonly namespace: string
}

/** What a survey asks without being asked: whether anybody reaches each group, and whether those meet of whom one names the other. */
export const surveySubjects = (jobs: readonly Job[], world: World): readonly Subject[] => [
  ...jobs.flatMap((one) => fromAnybody(one, world)),
  ...fromEachOther(jobs, world),
]

function fromAnybody({ id, namespace }: Job, world: World): readonly Subject[] {
  const spec = value(world, jobId(id, namespace), 'job.spec')
  return readable(() => spec?.groups ?? [], []).flatMap((group) => {
    const port = readable(() => group.network?.ports[0]?.label ?? group.services[0]?.port, undefined)
    if (port === undefined || port === '') return []
    const to = { kind: 'workload', namespace, job: id, group: group.name } as const
    return [{ from: null, to, port: portAsked(port), symptom: 'unknown' as const }]
  })
}

const fromEachOther = (jobs: readonly Job[], world: World): readonly Subject[] =>
  callersIn(
    jobs.flatMap(({ id, namespace }) => {
      const spec = value(world, jobId(id, namespace), 'job.spec')
      const allocations = value(world, jobId(id, namespace), 'job.allocations')
      // Ports stand in the record that is asked for each alone, not in the list.
      const whole = allocations?.map((one) => value(world, allocId(one.id), 'alloc.record') ?? one)
      return spec && whole ? [{ spec, allocations: whole }] : []
    }),
  )
