import type { Facts } from '../knowledge/facts.ts'
import type { Side } from '../knowledge/subject.ts'
import type { Aim } from './things.ts'

/**
 * The same question, where a job named without a namespace stands in another one: a name that the default namespace does
 * not have and exactly one other has means that one.
 */
export function inItsNamespace(aim: Aim, jobs: Facts['cluster.jobs'] | undefined): Aim {
  if (aim.kind !== 'path' || !jobs) return aim
  const { from, to } = aim.subject
  return { ...aim, subject: { ...aim.subject, from: from && settled(from, jobs), to: to && settled(to, jobs) } }
}

function settled(side: Side, jobs: Facts['cluster.jobs']): Side {
  if (side.kind !== 'workload' || side.namespace !== 'default') return side
  const same = jobs.filter(({ id }) => id === side.job)
  const [only] = same
  return only && same.length === 1 ? { ...side, namespace: only.namespace } : side
}
