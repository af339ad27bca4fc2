import type { World } from '../knowledge/fact.ts'
import type { Facts } from '../knowledge/facts.ts'
import { readable } from '../knowledge/hole.ts'
import type { Spot } from '../knowledge/resolve.ts'
import type { JobSpec } from '../knowledge/shapes/job.ts'
import type { AllocRecord, NodeOffer } from '../knowledge/shapes/runtime.ts'
import type { Subject } from '../knowledge/subject.ts'
import {
  allocId,
  clusterId,
  groupId,
  jobId,
  nodeId,
  serviceId,
  taskId,
  type Kind,
  type Thing,
} from '../knowledge/things.ts'
import { heldFact, value } from '../knowledge/held.ts'
import { candidates } from './candidates.ts'
import { withLastRuns, withoutPast } from './children.ts'
import { current } from './current.ts'
import { inItsNamespace } from './namespace.ts'
import { onlyPort, saidOf } from './asked-of.ts'
import { behindServices } from './owner.ts'
import { outline } from './outline.ts'
import { paths } from './paths.ts'
import { withRunning } from './running.ts'
import { surveySubjects } from './survey-subjects.ts'

/** What is looked at: one question, or a survey of jobs (all of them when the list is absent) and nodes. */
export type Aim =
  | { readonly kind: 'path'; readonly subject: Subject }
  | {
      readonly kind: 'survey'
      readonly jobs?: readonly { id: string; namespace: string }[]
      /** Names or ids. */
      readonly nodes?: readonly string[]
    }

/** Every thing the facts speak of so far, and how they relate. A function of the facts: run again after each new one. */
export function things(asked: Aim, facts: World['facts']): ReadonlyMap<string, Thing> {
  const world: World = { things: new Map(), facts }
  const found = new Map<string, Thing>()
  const add = (thing: Thing) => void (found.has(thing.id) || found.set(thing.id, thing))
  const nodes = value(world, clusterId, 'cluster.nodes')
  const jobs = value(world, clusterId, 'cluster.jobs')
  const offers = value(world, clusterId, 'cluster.offers')
  const services = behindServices(asked, world)
  const aim = inItsNamespace(services.aim, jobs)
  const wantedJobs = aimedJobs(aim, jobs)
  const listed = heldFact(world, clusterId, 'cluster.nodes')
  const files = listed?.known === true && listed.seen.file !== undefined
  for (const { id, name, address } of nodes ?? []) {
    const one = node(id, name, address)
    add(files ? { ...one, draft: true } : one)
  }
  for (const { id, namespace } of wantedJobs) {
    const spec = value(world, jobId(id, namespace), 'job.spec')
    const allocations = value(world, jobId(id, namespace), 'job.allocations')
    const live = allocations && current(allocations)
    const seen = heldFact(world, jobId(id, namespace), 'job.spec')
    const draft = seen?.known === true && seen.seen.file !== undefined
    const put = (thing: Thing) => add(draft ? { ...thing, draft } : thing)
    // Which groups there are may hang on a value that is not known.
    const groups = spec && readable<JobSpec['groups'] | undefined>(() => spec.groups, undefined)
    put(job(id, namespace, groups, live))
    if (spec) for (const thing of inside(spec, groups ?? [], live, offers)) put(thing)
    else if (aim.kind === 'path') for (const thing of outline(aim.subject, id, namespace)) add(thing)
    for (const record of live ?? []) {
      add(alloc(record))
      add(node(record.node, record.nodeName))
    }
    if (live && aim.kind === 'path')
      for (const client of withRunning(found, aim.subject, { job: id, namespace }, live)) found.set(client.id, client)
  }
  add(cluster(nodes, aim.kind === 'survey' && (aim.jobs ?? jobs) ? wantedJobs : undefined))
  const subjects = aim.kind === 'path' ? [aim.subject] : surveySubjects(wantedJobs, world)
  for (const subject of subjects)
    for (const path of readable(() => paths(subject, { ...world, things: found }, eachOf(aim, subject)), [])) {
      add(path)
      const called = found.get(path.links['target.alloc'] ?? '')
      const only = aim.kind === 'path' ? onlyPort(called, world) : undefined
      const meant = only === undefined ? {} : { port: only }
      if (called) found.set(called.id, { ...called, names: { ...meant, ...saidOf(path, found), ...called.names } })
    }
  services.things.forEach(add)
  return found
}

/** A survey looks at the allocations themselves: of each pair, one on every client says how they meet. */
const eachOf = (aim: Aim, { from }: Subject) => (aim.kind === 'survey' && from !== null ? 'client' : 'instance')

function aimedJobs(aim: Aim, listed: Facts['cluster.jobs'] | undefined): readonly { id: string; namespace: string }[] {
  if (aim.kind === 'survey') return aim.jobs ? withLastRuns(aim.jobs, listed) : withoutPast(listed ?? [], listed)
  const named = [aim.subject.to, aim.subject.from].flatMap((side) =>
    side?.kind === 'workload' ? [{ id: side.job, namespace: side.namespace }] : [],
  )
  return named.filter(
    (one, index) => named.findIndex((other) => other.id === one.id && other.namespace === one.namespace) === index,
  )
}

const cluster = (
  nodes: Facts['cluster.nodes'] | undefined,
  jobs: readonly { id: string; namespace: string }[] | undefined,
): Thing => ({
  id: clusterId,
  kind: 'cluster',
  about: 'cluster',
  links: { cluster: clusterId },
  many: {
    ...(nodes ? { node: nodes.map(({ id }) => nodeId(id)) } : {}),
    ...(jobs ? { job: jobs.map(({ id, namespace }) => jobId(id, namespace)) } : {}),
  },
  names: {},
})

const node = (id: string, name: string, address?: string): Thing => ({
  id: nodeId(id),
  kind: 'node',
  about: `node:${name || id.slice(0, 8)}`,
  links: { cluster: clusterId },
  many: {},
  names: { node: id, nodeName: name, ...(address === undefined ? {} : { address }) },
})

const job = (
  id: string,
  namespace: string,
  groups: JobSpec['groups'] | undefined,
  live: readonly AllocRecord[] | undefined,
): Thing => ({
  id: jobId(id, namespace),
  kind: 'job',
  about: `job:${named(namespace, id)}`,
  links: { cluster: clusterId },
  many: {
    ...(groups ? { group: groups.map(({ name }) => groupId(id, name, namespace)) } : {}),
    ...(live ? { alloc: live.map((record) => allocId(record.id)) } : {}),
  },
  names: { job: id, namespace },
})

/** Groups, tasks and services of a job. */
function inside(
  spec: JobSpec,
  groups: JobSpec['groups'],
  live: readonly AllocRecord[] | undefined,
  offers: readonly NodeOffer[] | undefined,
): readonly Thing[] {
  const { id, namespace } = spec
  const up = { job: jobId(id, namespace), cluster: clusterId }
  return groups.flatMap((group): Thing[] => {
    const own = live?.filter((record) => record.group === group.name).map((record) => allocId(record.id))
    const links = { ...up, group: groupId(id, group.name, namespace) }
    const names = { job: id, namespace, group: group.name }
    const tasks = readable(() => group.tasks, [])
    // A service whose name cannot be evaluated is no thing to judge.
    const services = [readable(() => group.services, []), ...tasks.map((task) => readable(() => task.services, []))]
      .flat()
      .filter((service) => readable(() => service.name !== '', false))
    const clients = offers && readable(() => candidates(spec, group, offers), undefined)
    const many: Partial<Record<Kind, readonly string[]>> = {
      task: tasks.map((task) => taskId(id, group.name, task.name, namespace)),
      service: services.map((service) => serviceId(service.name, namespace)),
      ...(own ? { alloc: own } : {}),
    }
    return [
      {
        id: links.group,
        kind: 'group',
        about: `group:${named(namespace, `${id}/${group.name}`)}`,
        links: up,
        many: { ...many, ...(clients ? { node: clients.map((one) => nodeId(one.id)) } : {}) },
        names,
      },
      ...tasks.map((task): Thing => ({
        id: taskId(id, group.name, task.name, namespace),
        kind: 'task',
        about: `task:${named(namespace, `${id}/${group.name}/${task.name}`)}`,
        links,
        many: own ? { alloc: own } : {},
        names: { ...names, task: task.name },
      })),
      ...services.map((service): Thing => ({
        id: serviceId(service.name, namespace),
        kind: 'service',
        about: `service:${named(namespace, service.name)}`,
        links,
        many: own ? { alloc: own } : {},
        names: { ...names, service: service.name },
      })),
    ]
  })
}

const alloc = (record: AllocRecord): Thing => ({
  id: allocId(record.id),
  kind: 'alloc',
  about: `alloc:${record.id.slice(0, 8)}`,
  links: {
    group: groupId(record.job, record.group, record.namespace),
    job: jobId(record.job, record.namespace),
    node: record.node === '' ? null : nodeId(record.node),
    cluster: clusterId,
  },
  many: {},
  names: {
    alloc: record.id,
    job: record.job,
    group: record.group,
    namespace: record.namespace,
    node: record.node,
    nodeName: record.nodeName,
  },
})

export const named = (namespace: string, name: string): string =>
  namespace === 'default' ? name : `${namespace}:${name}`

/** The facts that things are made from: wanted before anything else can be. */
export function base(asked: Aim, world: World): readonly Spot[] {
  const { aim, wanted } = behindServices(asked, world)
  const jobs = aimedJobs(
    inItsNamespace(aim, value(world, clusterId, 'cluster.jobs')),
    value(world, clusterId, 'cluster.jobs'),
  )
  return [
    { thing: clusterId, fact: 'cluster.nodes' },
    { thing: clusterId, fact: 'cluster.jobs' },
    ...wanted,
    ...jobs.flatMap(({ id, namespace }) =>
      (['job.spec', 'job.allocations'] as const).map((fact) => ({ thing: jobId(id, namespace), fact })),
    ),
  ]
}
