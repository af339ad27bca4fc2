import { value } from '../derive/things.ts'
import type { Unknown } from '../knowledge/fact.ts'
import type { FactKey, Facts } from '../knowledge/facts.ts'
import type { JobSpec } from '../knowledge/shapes/job.ts'
import type { Side } from '../knowledge/subject.ts'
import { clusterId, jobId } from '../knowledge/things.ts'
import { picture, type Picture } from './loop.ts'
import { spellSide } from './names.ts'
import type { State } from './state.ts'

/** What follows from the state. Each is kept for the last state it was asked for, because screens ask often. */
function last<T>(make: (state: State) => T, of: (state: State) => readonly unknown[]): (state: State) => T {
  let inputs: readonly unknown[] = []
  let output: T | undefined
  return (state) => {
    const now = of(state)
    if (output === undefined || now.some((one, i) => one !== inputs[i])) {
      output = make(state)
      inputs = now
    }
    return output
  }
}

export const pictureOf: (state: State) => Picture | null = last(
  ({ aim, facts, told }) => (aim === null ? null : picture(aim, facts, told)),
  ({ aim, facts, told }) => [aim, facts, told],
)

const cluster = <K extends FactKey>({ facts }: State, key: K): Facts[K] | undefined =>
  value({ things: new Map(), facts }, clusterId, key)

const refusal = ({ facts }: State, key: FactKey): Unknown | undefined => {
  const held = facts.get(clusterId)?.get(key)
  return held && !held.known ? held : undefined
}

export const heldJobs = (state: State): Facts['cluster.jobs'] => cluster(state, 'cluster.jobs') ?? []

export const specOf = ({ facts }: State, job: string, namespace: string): JobSpec | undefined =>
  value({ things: new Map(), facts }, jobId(job, namespace), 'job.spec')

/** What is in reach, for the one calm line of the home screen. */
export interface Reach {
  readonly nodes?: { readonly ready: number; readonly total: number }
  readonly jobs?: number
  readonly version?: string
  readonly consul?: string
  readonly token?: string
  /** The first thing that was refused. */
  readonly refused?: Unknown
}

export const reachOf: (state: State) => Reach = last(
  (state) => {
    const nodes = cluster(state, 'cluster.nodes')
    const jobs = cluster(state, 'cluster.jobs')
    const acl = cluster(state, 'cluster.acl')
    const refused = refusal(state, 'cluster.nodes') ?? refusal(state, 'cluster.jobs')
    const version = cluster(state, 'cluster.version') ?? nodes?.[0]?.version
    const consul = cluster(state, 'cluster.consul.version')
    return {
      ...(nodes
        ? { nodes: { ready: nodes.filter(({ status }) => status === 'ready').length, total: nodes.length } }
        : {}),
      ...(jobs ? { jobs: jobs.length } : {}),
      ...(version === undefined ? {} : { version }),
      ...(consul === undefined ? {} : { consul }),
      ...(acl ? { token: acl.enabled ? acl.token : 'no ACLs' } : {}),
      ...(refused ? { refused } : {}),
    }
  },
  ({ facts }) => [facts],
)

/** Whether there is anything to look at: a cluster that does not answer is as good as none. */
export function reachable(state: State): boolean {
  const why = reachOf(state).refused?.why
  return state.place.kind !== 'none' && why !== 'offline' && why !== 'timed-out' && why !== 'failed'
}

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
