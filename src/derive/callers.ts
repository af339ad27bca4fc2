/** Who says itself whom it calls: the pairs of a survey. Pure. */
import type { Facts } from '../knowledge/facts.ts'
import type { GroupSpec, JobSpec, ServiceSpec, TaskSpec } from '../knowledge/shapes/job.ts'
import { portAsked, type Subject } from '../knowledge/subject.ts'
import { servicesOf } from '../knowledge/discovery.ts'
import { nearly } from '../knowledge/slip.ts'
import { applications, insidePort, numeric } from '../knowledge/mesh.ts'
import { meshed } from '../knowledge/upstreams.ts'
import { literals, loops } from './path/literals.ts'
import { ownClientPorts } from './path/own-client.ts'
import { inside } from './path/port.ts'
import { textsOf } from './path/texts.ts'
import { nameWays, networkVariable, upstreams } from './path/ways.ts'

type Records = Facts['job.allocations']
export interface Surveyed {
  readonly spec: JobSpec
  readonly allocations: Records
}

interface Target {
  readonly job: JobSpec
  readonly group: GroupSpec
  readonly task?: string
  readonly port: string | null
}

/** Names, variables and places that a task calls, as far as its own texts tell. */
interface Texts {
  readonly names: readonly string[]
  readonly labels: readonly string[]
  readonly loopback: readonly number[]
  /** Ports of the own client. */
  readonly client: readonly number[]
  /** `address:port`. */
  readonly places: readonly string[]
}

const found = new WeakMap<TaskSpec, Texts>()
function calledBy(task: TaskSpec, group: GroupSpec): Texts {
  const known = found.get(task)
  if (known) return known
  const texts = textsOf(task)
  const dialled = texts.flatMap(({ text }) => literals(text))
  const bound = new Set(upstreams(group).map(({ localBindPort }) => localBindPort))
  const own = new Set((group.network?.ports ?? []).map(({ label }) => label))
  const called: Texts = {
    names: nameWays(task, group, []).flatMap(({ name }) => (name === undefined ? [] : [name])),
    labels: texts
      .flatMap(({ text }) => [...text.matchAll(networkVariable)].map(([, label = '']) => label))
      .filter((label) => !own.has(label)),
    loopback: dialled.flatMap(({ host, port }) =>
      loops(host) && port !== undefined && !bound.has(port) ? [port] : [],
    ),
    client: texts.flatMap(ownClientPorts),
    places: dialled.flatMap(({ host, port }) => (loops(host) || port === undefined ? [] : [`${host}:${port}`])),
  }
  found.set(task, called)
  return called
}

/** Everything the jobs of a survey can be called by. */
interface Directory {
  readonly services: ReadonlyMap<string, readonly Target[]>
  readonly places: ReadonlyMap<string, readonly Target[]>
  /** By the port of a client. */
  readonly doors: ReadonlyMap<number, readonly Door[]>
}
interface Door extends Target {
  readonly node: string
}

function put<K, T>(index: Map<K, T[]>, key: K, target: T): void {
  const all = index.get(key)
  if (all) all.push(target)
  else index.set(key, [target])
}

function directoryOf(jobs: readonly Surveyed[]): Directory {
  const services = new Map<string, Target[]>()
  const places = new Map<string, Target[]>()
  const doors = new Map<number, Door[]>()
  for (const { spec: job, allocations } of jobs) {
    for (const group of job.groups) {
      for (const { name, port } of servicesOf(group)) {
        const target = { job, group, port: port === '' ? null : port }
        put(services, name, target)
        if (name.includes('-')) put(services, name.replaceAll('-', '_'), target)
      }
      for (const { address, node, ports } of allocations.filter((one) => one.group === group.name))
        for (const one of ports) {
          put(doors, one.hostPort, { job, group, node, port: one.label })
          for (const host of new Set([one.hostIp, address]))
            for (const port of new Set([one.hostPort, inside(one)]))
              put(places, `${host ?? ''}:${port ?? ''}`, { job, group, port: one.label })
        }
    }
  }
  return { services, places, doors }
}
/** Each task with each group it calls, by a name, a variable or an address in its own texts; every pair once. */
export function callersIn(jobs: readonly Surveyed[]): readonly Subject[] {
  const directory = directoryOf(jobs)
  const subjects = new Map<string, Subject>()
  for (const one of jobs)
    for (const group of one.spec.groups)
      for (const task of applications(group))
        for (const target of targetsOf(jobs, directory, one, group, task)) {
          const subject = between(one.spec, group, task, target)
          const key = JSON.stringify(subject)
          if (!subjects.has(key)) subjects.set(key, subject)
        }
  return [...subjects.values()]
}

function targetsOf(
  jobs: readonly Surveyed[],
  { services, places, doors }: Directory,
  { spec: job, allocations }: Surveyed,
  group: GroupSpec,
  task: TaskSpec,
): readonly Target[] {
  const called = calledBy(task, group)
  const clients = new Set(allocations.filter((one) => one.group === group.name).map(({ node }) => node))
  const host = ['', 'host'].includes(group.network?.mode ?? '')
  return [
    // Namespaces may have the same names: each asks for its own first.
    ...called.names.flatMap((name) => closest(services.get(name), (one) => one.job.namespace === job.namespace)),
    ...called.names.flatMap((name) => (services.has(name) ? [] : misspelt(name, services, job, group))),
    ...called.places.flatMap((place) => places.get(place) ?? []),
    // A dynamic port of one client is another's of the next.
    ...[...called.client, ...(host ? called.loopback : [])].flatMap((port) =>
      closest(doors.get(port), ({ node }) => clients.has(node)),
    ),
    ...called.labels.flatMap((label) => byLabel(job, group, label)),
    ...called.loopback.flatMap((port) => onLoopback(jobs, job, group, task, port)),
  ]
}

/** Whom a name may mean that no job of the survey registers: the one service of its own job that has nearly this name. */
function misspelt(name: string, services: Directory['services'], job: JobSpec, own: GroupSpec): readonly Target[] {
  const near = [...services].flatMap(([other, targets]) =>
    name.length > 3 && other.length > 3 && nearly(name, other)
      ? targets.filter((one) => one.job === job && one.group !== own)
      : [],
  )
  return new Set(near.map(({ group }) => group)).size === 1 ? near.slice(0, 1) : []
}

/** Those that are near, or all where none is. */
function closest<T extends Target>(all: readonly T[] = [], isNear: (one: T) => boolean): readonly T[] {
  const near = all.filter(isNear)
  return near.length > 0 ? near : all
}

const byLabel = (job: JobSpec, own: GroupSpec, label: string): readonly Target[] =>
  job.groups.flatMap((group) =>
    group !== own && group.network?.ports.some((port) => port.label === label) ? [{ job, group, port: label }] : [],
  )

/**
 * Whom a port of loopback may be meant for: another task of its own group; else another group of the job, or of the mesh,
 * that has this port inside.
 */
function onLoopback(
  jobs: readonly Surveyed[],
  job: JobSpec,
  own: GroupSpec,
  task: TaskSpec,
  port: number,
): readonly Target[] {
  const label = labelOf(own, port)
  const others = applications(own).filter((one) => one !== task)
  if (others.length > 0) {
    const [server] = others.length === 1 ? others : others.filter((one) => mentions(one, port))
    const named = label === undefined && server ? { task: server.name } : {}
    return [{ job, group: own, ...named, port: label ?? String(port) }]
  }
  if (label !== undefined || servicesOf(own).some((service) => service.port === String(port))) return []
  const inJob = job.groups.flatMap((group) => {
    const other = group === own ? undefined : labelOf(group, port)
    return other === undefined ? [] : [{ job, group, port: other }]
  })
  return inJob.length > 0 ? inJob : inMesh(jobs, own, port)
}

/** Its own arguments have the number: it may be told to listen there. */
const mentions = ({ config }: TaskSpec, port: number): boolean =>
  [config['args'], config['command']]
    .flat()
    .some((word) => typeof word === 'string' && word.split(/\D+/).includes(String(port)))

function inMesh(jobs: readonly Surveyed[], own: GroupSpec, port: number): readonly Target[] {
  if (meshed(own).length === 0) return []
  return jobs.flatMap(({ spec: job }) =>
    job.groups.flatMap((group) =>
      group !== own && meshed(group).some((one) => portOf(group, one) === port)
        ? [{ job, group, port: String(port) }]
        : [],
    ),
  )
}
const portOf = (group: GroupSpec, { port }: ServiceSpec): number | undefined =>
  numeric(port) ? Number(port) : insidePort(group, port)
const labelOf = (group: GroupSpec, number: number): string | undefined =>
  group.network?.ports.find(({ label }) => insidePort(group, label) === number)?.label

const between = (
  { namespace, id: job }: JobSpec,
  { name: group }: GroupSpec,
  { name: task }: TaskSpec,
  { job: other, group: called, task: server, port }: Target,
): Subject => ({
  from: { kind: 'workload', namespace, job, group, task },
  to: {
    kind: 'workload',
    namespace: other.namespace,
    job: other.id,
    group: called.name,
    ...(server === undefined ? {} : { task: server }),
  },
  port: port === null ? null : portAsked(port),
  symptom: 'unknown',
})
