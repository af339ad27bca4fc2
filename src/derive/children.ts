/** The jobs that a periodic or parameterized job starts: each run is a job of its own, and the last one tells how it fares. */
import type { Facts } from '../knowledge/facts.ts'

type Listed = Facts['cluster.jobs']
interface Job {
  readonly id: string
  readonly namespace: string
}

const same = (a: Job, b: Job): boolean => a.id === b.id && a.namespace === b.namespace
const childrenOf = ({ id, namespace }: Job, listed: Listed): Listed =>
  listed.filter((one) => one.parent === id && one.namespace === namespace)
const newest = (jobs: Listed): Listed[number] | undefined =>
  jobs.toSorted((a, b) => (b.created ?? 0) - (a.created ?? 0))[0]
const isOver = ({ status }: Listed[number]): boolean => status === 'dead'

/** What a job started last, whether it runs still or not. */
export const lastChild = (job: Job, listed: Listed): Listed[number] | undefined => newest(childrenOf(job, listed))

/** The same jobs, and of each that starts others the last one that is over. */
export function withLastRuns(jobs: readonly Job[], listed: Listed = []): readonly Job[] {
  const runs = jobs.flatMap((job) => newest(childrenOf(job, listed).filter(isOver)) ?? [])
  return [...jobs, ...runs.filter((run) => !jobs.some((job) => same(job, run)))]
}

/** The same jobs without the past: a run that is over, and that another one followed which is over as well. */
export function withoutPast<One extends Job>(jobs: readonly One[], listed: Listed = []): readonly One[] {
  const over = listed.filter((one) => one.parent !== undefined && isOver(one))
  const runs = [...Map.groupBy(over, ({ parent, namespace }) => `${namespace} ${parent}`).values()]
  const past = new Set(
    runs.flatMap((all) => {
      const last = newest(all)
      return all.filter((one) => one !== last).map(({ id, namespace }) => `${namespace} ${id}`)
    }),
  )
  return jobs.filter(({ id, namespace }) => !past.has(`${namespace} ${id}`))
}
