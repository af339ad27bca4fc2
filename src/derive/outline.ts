import type { Subject } from '../knowledge/subject.ts'
import { clusterId, groupId, jobId, taskId, type Thing } from '../knowledge/things.ts'

/** Groups and tasks that a question names of a job that could not be read: they are there, and nothing is known of them. */
export function outline(subject: Subject, job: string, namespace: string): readonly Thing[] {
  const up = { job: jobId(job, namespace), cluster: clusterId }
  const before = namespace === 'default' ? job : `${namespace}:${job}`
  return [subject.to, subject.from].flatMap((side): readonly Thing[] => {
    if (side?.kind !== 'workload' || side.job !== job || side.namespace !== namespace || side.group === undefined)
      return []
    const { group, task } = side
    const links = { ...up, group: groupId(job, group, namespace) }
    const names = { job, namespace, group }
    const own: Thing = { id: links.group, kind: 'group', about: `group:${before}/${group}`, links: up, many: {}, names }
    if (task === undefined) return [own]
    const about = `task:${before}/${group}/${task}`
    return [
      own,
      { id: taskId(job, group, task, namespace), kind: 'task', about, links, many: {}, names: { ...names, task } },
    ]
  })
}
