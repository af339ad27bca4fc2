/** Who says itself whom it calls: the pairs of a survey. Pure. */
import type { Facts } from '../knowledge/facts.ts'
import type { GroupSpec, JobSpec, ServiceSpec, TaskSpec } from '../knowledge/shapes/job.ts'
import type { Subject } from '../knowledge/subject.ts'
import { literals, loops } from './path/literals.ts'
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

const ownClient = /\$\{attr\.unique\.network\.ip-address\}(?::|[ \t]+)(\d{1,5})(?!\w)/g
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
    client: texts.flatMap(({ text }) => [...text.matchAll(ownClient)].map(([, port]) => Number(port))),
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
  readonly doors: ReadonlyMap<number, readonly Target[]>
}

function directoryOf(jobs: readonly Surveyed[]): Directory {
  const services = new Map<string, Target[]>()
  const places = new Map<string, Target[]>()
  const doors = new Map<number, Target[]>()
  const put = <K>(index: Map<K, Target[]>, key: K, target: Target): void => {
    const all = index.get(key)
    if (all) all.push(target)
    else index.set(key, [target])
  }
  for (const { spec: job, allocations } of jobs) {
    for (const group of job.groups) {
      for (const { name, port } of servicesIn(group)) {
        const target = { job, group, port: port === '' ? null : port }
        put(services, name, target)
        if (name.includes('-')) put(services, name.replaceAll('-', '_'), target)
      }
      for (const { address, ports } of allocations.filter((one) => one.group === group.name))
        for (const one of ports) {
          put(doors, one.hostPort, { job, group, port: one.label })
          for (const host of new Set([one.hostIp, address]))
            for (const port of new Set([one.hostPort, inside(one)]))
              put(places, `${host ?? ''}:${port ?? ''}`, { job, group, port: one.label })
        }
    }
  }
  return { services, places, doors }
}
const servicesIn = ({ services, tasks }: GroupSpec): readonly ServiceSpec[] => [
  ...services,
  ...tasks.flatMap((task) => task.services),
]

/** Each task with each group it calls, by a name, a variable or an address in its own texts; every pair once. */
export function callersIn(jobs: readonly Surveyed[]): readonly Subject[] {
  const { services, places, doors } = directoryOf(jobs)
  const subjects = new Map<string, Subject>()
  for (const { spec: job } of jobs)
    for (const group of job.groups)
      for (const task of group.tasks.filter((task) => !ofMesh(task))) {
        const called = calledBy(task, group)
        const targets = [
          ...called.names.flatMap((name) => services.get(name) ?? []),
          ...called.places.flatMap((place) => places.get(place) ?? []),
          ...[...called.client, ...(onHost(group) ? called.loopback : [])].flatMap((port) => doors.get(port) ?? []),
          ...called.labels.flatMap((label) => byLabel(job, group, label)),
          ...called.loopback.flatMap((port) => onLoopback(jobs, job, group, task, port)),
        ]
        for (const target of targets) {
          const subject = between(job, group, task, target)
          const key = JSON.stringify(subject)
          if (!subjects.has(key)) subjects.set(key, subject)
        }
      }
  return [...subjects.values()]
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
  const others = own.tasks.filter((one) => one !== task && !ofMesh(one))
  if (others.length > 0) {
    const [server] = others.length === 1 ? others : others.filter((one) => mentions(one, port))
    const named = label === undefined && server ? { task: server.name } : {}
    return [{ job, group: own, ...named, port: label ?? String(port) }]
  }
  if (label !== undefined || servicesIn(own).some((service) => service.port === String(port))) return []
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
const onHost = ({ network }: GroupSpec): boolean => ['', 'host'].includes(network?.mode ?? '')
const ofMesh = ({ name }: TaskSpec): boolean => name.startsWith('connect-')
const sidecar = (group: GroupSpec): boolean => servicesIn(group).some(({ connect }) => connect?.sidecar !== undefined)

function inMesh(jobs: readonly Surveyed[], own: GroupSpec, port: number): readonly Target[] {
  if (!sidecar(own)) return []
  return jobs.flatMap(({ spec: job }) =>
    job.groups.flatMap((group) =>
      group !== own && servicesIn(group).some((one) => one.connect?.sidecar && portOf(group, one) === port)
        ? [{ job, group, port: String(port) }]
        : [],
    ),
  )
}
const portOf = ({ network }: GroupSpec, { port }: ServiceSpec): number | undefined =>
  /^\d+$/.test(port) ? Number(port) : network?.ports.find(({ label }) => label === port)?.to
const labelOf = ({ network }: GroupSpec, number: number): string | undefined =>
  network?.ports.find((port) => port.to === number || port.static === number)?.label

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
  port: port !== null && /^\d+$/.test(port) ? Number(port) : port,
  symptom: 'unknown',
})
