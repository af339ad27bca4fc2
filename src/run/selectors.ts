import type { GroupSpec } from '../knowledge/shapes/job.ts'
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
      // Of several groups one has to be meant, as on the command line.
      if (groups.length === 0) add(whole, `${type} job, its groups are not known`)
      for (const group of groups) {
        const tasks = spec?.groups.find(({ name }) => name === group)?.tasks ?? []
        add({ ...whole, group }, `group${tasks.length === 1 ? `, task ${tasks[0]?.name ?? ''}` : ''}`)
        if (tasks.length > 1) for (const { name: task } of tasks) add({ ...whole, group, task }, 'task')
      }
    }
    const native = cluster(state, 'cluster.services') ?? []
    for (const { name: service, namespace } of native) add({ kind: 'service', namespace, service }, 'service, native')
    for (const service of cluster(state, 'cluster.consul.services') ?? [])
      for (const namespace of homes(state, service))
        if (!native.some((one) => one.name === service && one.namespace === namespace))
          add({ kind: 'service', namespace, service }, 'service, Consul')
    for (const { name: node, status, address } of cluster(state, 'cluster.nodes') ?? [])
      add({ kind: 'node', node }, `client ${address}, ${status}`)
    add({ kind: 'outside' }, 'a machine that is not in the cluster')
    return found
  },
  ({ facts }) => [facts],
)

const servicesOf = ({ services, tasks }: GroupSpec): readonly string[] =>
  [...services, ...tasks.flatMap((task) => task.services)].map(({ name }) => name)

/** Namespaces of the jobs that register a service, as far as they were read: Consul's catalogue knows none of Nomad's. */
function homes(state: State, service: string): readonly string[] {
  const own = heldJobs(state).filter(({ id, namespace }) =>
    specOf(state, id, namespace)?.groups.some((group) => servicesOf(group).includes(service)),
  )
  return own.length === 0 ? ['default'] : [...new Set(own.map(({ namespace }) => namespace))]
}

/** The groups behind a target, as far as their jobs were read. */
function groupsOf(state: State, to: Side | null): readonly GroupSpec[] {
  if (to?.kind === 'workload')
    return (specOf(state, to.job, to.namespace)?.groups ?? []).filter(
      ({ name }) => to.group === undefined || name === to.group,
    )
  if (to?.kind !== 'service') return []
  return heldJobs(state)
    .filter(({ namespace }) => namespace === to.namespace)
    .flatMap(({ id, namespace }) => specOf(state, id, namespace)?.groups ?? [])
    .filter((group) => servicesOf(group).includes(to.service))
}

/** Port labels and numbers of the target, as far as its job was read. */
export function portsOf(state: State): readonly { readonly id: string; readonly hint: string }[] {
  const ports = groupsOf(state, state.draft.to).flatMap(({ network }) => network?.ports ?? [])
  return [...new Map(ports.map((port) => [port.label, port])).values()].map(({ label, static: fixed, to: inside }) => ({
    id: label,
    hint: [
      fixed === undefined ? 'dynamic' : `static ${fixed}`,
      inside === undefined || inside <= 0 ? '' : `to ${inside}`,
    ]
      .filter((word) => word !== '')
      .join(', '),
  }))
}
