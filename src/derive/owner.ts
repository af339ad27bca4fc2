import type { World } from '../knowledge/fact.ts'
import type { FactKey, Facts } from '../knowledge/facts.ts'
import type { Spot } from '../knowledge/resolve.ts'
import type { JobSpec, ServiceSpec } from '../knowledge/shapes/job.ts'
import type { Side } from '../knowledge/subject.ts'
import { clusterId, jobId, serviceId, type Thing } from '../knowledge/things.ts'
import type { Aim } from './things.ts'

type Named = Side & { kind: 'service' }
interface Job {
  readonly id: string
  readonly namespace: string
}
/** The group behind a service's name, or what has to be read to find it. */
interface Search {
  readonly owner?: Job & { readonly group: string; readonly port: string }
  readonly things: readonly Thing[]
  readonly wanted: readonly Spot[]
}

/** The same question about groups, where it names services; and what is still to be read to find these groups. */
export function behindServices(aim: Aim, world: World): { readonly aim: Aim } & Omit<Search, 'owner'> {
  if (aim.kind !== 'path') return { aim, things: [], wanted: [] }
  const { from, to, port } = aim.subject
  const source = from?.kind === 'service' ? search(from, world) : undefined
  const target = to?.kind === 'service' ? search(to, world) : undefined
  const found = [source, target].filter((one) => one !== undefined)
  return {
    aim: {
      ...aim,
      subject: {
        ...aim.subject,
        from: asGroup(source) ?? from,
        to: asGroup(target) ?? to,
        port: port ?? (target?.owner?.port || null),
      },
    },
    things: found.flatMap(({ things }) => things),
    wanted: found.flatMap(({ wanted }) => wanted),
  }
}

function asGroup(found: Search | undefined): Side | undefined {
  if (!found?.owner) return undefined
  const { id: job, namespace, group } = found.owner
  return { kind: 'workload', namespace, job, group }
}

/** Nomad's rows name the job, Consul's the allocation; a service in neither catalogue is looked for in all job files. */
function search(side: Named, world: World): Search {
  const namespace = namespaceOf(side, world)
  const service: Thing = {
    id: serviceId(side.service, namespace),
    kind: 'service',
    about: `service:${namespace === 'default' ? '' : `${namespace}:`}${side.service}`,
    links: { cluster: clusterId },
    many: {},
    names: { service: side.service, namespace },
  }
  const spots = (...facts: readonly FactKey[]) => facts.map((fact) => ({ thing: service.id, fact }))
  const wanted = [{ thing: clusterId, fact: 'cluster.services' }, ...spots('service.rows')]
  const rows = held(world, service.id, 'service.rows')
  const row = rows?.value?.[0]
  if (!rows) return { things: [service], wanted }
  if (row) return among([{ id: row.job, namespace: row.namespace }], side, service, world, wanted)
  const instances = held(world, service.id, 'service.consul')
  if (!instances) return { things: [service], wanted: [...wanted, ...spots('service.consul')] }
  const ids = (instances.value ?? []).flatMap(({ id }) => /^_nomad-\w+-([0-9a-f-]{36})-/.exec(id)?.[1] ?? [])
  const allocations = held(world, clusterId, 'cluster.allocations')
  if (ids.length > 0 && !allocations)
    return { things: [service], wanted: [...wanted, { thing: clusterId, fact: 'cluster.allocations' }] }
  const own = allocations?.value?.find(({ id }) => ids.includes(id))
  if (own) return among([{ id: own.job, namespace: own.namespace }], side, service, world, wanted)
  const listed = held(world, clusterId, 'cluster.jobs')?.value ?? []
  const candidates = listed.filter((job) => job.namespace === namespace).slice(0, mostJobs)
  return among(candidates, side, service, world, wanted)
}

/** Of a fleet with more jobs than this, a service in no catalogue is not looked for in every job. */
export const mostJobs = 300

/** The first of these jobs that declares the service. */
function among(jobs: readonly Job[], side: Named, service: Thing, world: World, wanted: readonly Spot[]): Search {
  const things = jobs.map(({ id, namespace }): Thing => ({
    id: jobId(id, namespace),
    kind: 'job',
    about: `job:${namespace === 'default' ? '' : `${namespace}:`}${id}`,
    links: { cluster: clusterId },
    many: {},
    names: { job: id, namespace },
  }))
  const search = {
    things: [service, ...things],
    wanted: [...wanted, ...things.map(({ id }) => ({ thing: id, fact: 'job.spec' }))],
  }
  for (const { id, namespace } of jobs) {
    const spec = held(world, jobId(id, namespace), 'job.spec')?.value
    const found = spec && declaring(spec, side.service)
    if (found) return { ...search, owner: { id, namespace, ...found } }
  }
  return search
}

function declaring(spec: JobSpec, service: string): { group: string; port: string } | undefined {
  for (const { name: group, services, tasks } of spec.groups) {
    const all: readonly ServiceSpec[] = [...services, ...tasks.flatMap((task) => task.services)]
    const found = all.find(({ name }) => name === service)
    if (found) return { group, port: found.port }
  }
  return undefined
}

/** A name that the default namespace does not have and exactly one other has means that one. */
function namespaceOf({ service, namespace }: Named, world: World): string {
  const same = (held(world, clusterId, 'cluster.services')?.value ?? []).filter(({ name }) => name === service)
  const [only] = same
  return namespace === 'default' && only && same.length === 1 ? only.namespace : namespace
}

/** What was asked, with its value when there is one; undefined when it was not asked yet. */
function held<K extends FactKey>(world: World, id: string, key: K): { readonly value?: Facts[K] } | undefined {
  const found = world.facts.get(id)?.get(key)
  return found && (found.known ? { value: found.value as Facts[K] } : {})
}
