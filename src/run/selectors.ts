import type { Side } from '../knowledge/subject.ts'
import { last } from './last.ts'
import { picture, type Picture } from './loop.ts'
import { spellSide } from './names.ts'
import { cluster, heldJobs, specOf } from './reach.ts'
import type { State } from './state.ts'

export const pictureOf: (state: State) => Picture | null = last(
  ({ aim, facts, told }) => (aim === null ? null : picture(aim, facts, told)),
  ({ aim, facts, told }) => [aim, facts, told],
)

export interface Candidate {
  readonly id: string
  readonly side: Side
  readonly hint: string
}

/** Everybody who can be a source or a target. */
export const candidatesOf: (state: State) => readonly Candidate[] = last(
  (state) => {
    const found: Candidate[] = []
    const add = (side: Side, hint: string) => found.push({ id: spellSide(side) ?? '', side, hint })
    for (const { id: job, namespace, type, groups } of heldJobs(state)) {
      const spec = specOf(state, job, namespace)
      const whole: Side = { kind: 'workload', namespace, job }
      if (groups.length !== 1) add(whole, `${type} job, ${groups.length} groups`)
      for (const group of groups) {
        const tasks = spec?.groups.find(({ name }) => name === group)?.tasks ?? []
        add({ ...whole, group }, `group${tasks.length === 1 ? `, task ${tasks[0]?.name ?? ''}` : ''}`)
        if (tasks.length > 1) for (const { name: task } of tasks) add({ ...whole, group, task }, 'task')
      }
    }
    for (const { name: service, namespace } of cluster(state, 'cluster.services') ?? [])
      add({ kind: 'service', namespace, service }, 'service, native')
    for (const { name: node, status, address } of cluster(state, 'cluster.nodes') ?? [])
      add({ kind: 'node', node }, `client ${address}, ${status}`)
    add({ kind: 'outside' }, 'a machine that is not in the cluster')
    return found
  },
  ({ facts }) => [facts],
)

/** Port labels and numbers of the target, as far as its job was read. */
export function portsOf(state: State): readonly { readonly id: string; readonly hint: string }[] {
  const { to } = state.draft
  if (to?.kind !== 'workload') return []
  const spec = specOf(state, to.job, to.namespace)
  const groups = (spec?.groups ?? []).filter(({ name }) => to.group === undefined || name === to.group)
  const ports = groups.flatMap(({ network }) => network?.ports ?? [])
  return ports.map(({ label, static: fixed, to: inside }) => ({
    id: label,
    hint: [
      fixed === undefined ? 'dynamic' : `static ${fixed}`,
      inside === undefined || inside <= 0 ? '' : `to ${inside}`,
    ]
      .filter((word) => word !== '')
      .join(', '),
  }))
}
