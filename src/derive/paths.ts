import type { World } from '../knowledge/fact.ts'
import type { Facts } from '../knowledge/facts.ts'
import type { GroupSpec, TaskSpec } from '../knowledge/shapes/job.ts'
import type { Side, Subject } from '../knowledge/subject.ts'
import { allocId, clusterId, groupId, jobId, nodeId, serviceId, taskId, type Thing } from '../knowledge/things.ts'
import { current } from './current.ts'

type Records = Facts['job.allocations']

/** One side of a path as the facts show it: what it is called, and its links without the side's name in front. */
interface End {
  readonly label: string
  readonly links: Readonly<Record<string, string | null>>
  /** Its allocations: null when it has none by nature, undefined when not known. */
  readonly allocs: Records | null | undefined
  /** The clients it runs on or ran on. */
  readonly clients?: readonly string[]
  readonly task?: string
  readonly address?: string
}

/**
 * The paths of a subject: one for each pair of a calling and a called allocation (one caller per client), or a single
 * bare path where one side has no allocation. Two tasks of one group meet in their common allocation. `each`: whether
 * every called allocation counts, or one per client.
 */
export function paths(subject: Subject, world: World, each: 'instance' | 'client' = 'instance'): readonly Thing[] {
  const from = end(subject.from, world, null)
  const to = end(subject.to, world, subject.port)
  const sameGroup =
    from.links['group'] !== undefined && from.links['group'] !== null && from.links['group'] === to.links['group']
  const callers =
    from.allocs && from.allocs.length > 0 ? (sameGroup ? from.allocs : onePerNode(from.allocs)) : [undefined]
  const wanted = to.allocs && each === 'client' ? onePerNode(to.allocs) : to.allocs
  const called = wanted && wanted.length > 0 ? wanted : [undefined]
  const pairs = sameGroup
    ? callers.map((one) => [one, one] as const)
    : callers.flatMap((one) => called.map((other) => [one, other] as const))
  return pairs.map(([source, target]) => {
    const links: Record<string, string | null> = { cluster: clusterId }
    for (const [side, endpoint, record] of [
      ['source', from, source],
      ['target', to, target],
    ] as const) {
      for (const [role, id] of Object.entries(endpoint.links)) links[`${side}.${role}`] = id
      if (record) {
        links[`${side}.alloc`] = allocId(record.id)
        links[`${side}.group`] ??= groupId(record.job, record.group, record.namespace)
        links[`${side}.node`] = record.node === '' ? null : nodeId(record.node)
      } else if (endpoint.allocs !== undefined) links[`${side}.alloc`] = null
    }
    const about = `path:${from.label}->${to.label}`
    const services = world.things.get(to.links['group'] ?? '')?.many.service
    return {
      id: `path:${from.label}${at(source)}->${to.label}${at(target)}`,
      kind: 'path',
      about,
      links: links as Thing['links'],
      many: {
        ...(to.allocs ? { alloc: to.allocs.map((record) => allocId(record.id)) } : {}),
        ...(services ? { service: services } : {}),
        ...(to.clients ? { node: to.clients } : {}),
      },
      names: {
        ...(source ? { alloc: source.id, node: source.node } : {}),
        ...(from.task === undefined ? {} : { task: from.task }),
        ...(to.address === undefined ? {} : { address: to.address }),
        ...(subject.port === null ? {} : { port: subject.port }),
        ...(subject.from === null ? {} : { caller: from.label }),
        ...(subject.dials === undefined ? {} : { dials: subject.dials }),
      },
    } satisfies Thing
  })
}

const at = (record: { id: string } | undefined): string => (record ? `@${record.id.slice(0, 8)}` : '')

const onePerNode = (records: Records): Records =>
  records.filter((record, index) => records.findIndex(({ node }) => node === record.node) === index)

const nobody: Readonly<Record<string, null>> = { task: null, group: null, job: null, alloc: null, service: null }

function end(side: Side | null, world: World, port: string | number | null): End {
  if (side === null) return { label: '*', links: { ...nobody, node: null }, allocs: null }
  switch (side.kind) {
    case 'outside':
      return {
        label: side.address === undefined ? 'outside' : `outside:${side.address}`,
        links: { ...nobody, node: null },
        allocs: null,
        clients: [],
        ...(side.address === undefined ? {} : { address: side.address }),
      }
    case 'node':
      return {
        label: `node:${side.node}`,
        links: { ...nobody, ...nodeNamed(side.node, world) },
        allocs: null,
        clients: [],
      }
    case 'service':
      // Whose service it is could not be found: see owner.ts.
      return {
        label: `service:${side.service}`,
        links: { service: serviceId(side.service, side.namespace) },
        allocs: undefined,
      }
    case 'workload':
      return workload(side, world, port)
  }
}

function workload(side: Side & { kind: 'workload' }, world: World, port: string | number | null): End {
  const { namespace, job, group: groupName, node } = side
  const held = world.facts.get(jobId(job, namespace))?.get('job.spec')
  const spec = held?.known ? (held.value as Facts['job.spec']) : undefined
  const records = world.facts.get(jobId(job, namespace))?.get('job.allocations')
  const group =
    spec?.groups.find(({ name }) => name === groupName) ??
    (groupName === undefined && spec?.groups.length === 1 ? spec.groups[0] : undefined)
  const name = group?.name ?? groupName
  const task = side.task ?? (group && serving(group, port)?.name)
  const label = `${namespace === 'default' ? '' : `${namespace}:`}${[job, name, side.task].filter((part) => part !== undefined).join('/')}`
  const links: Record<string, string | null> = { job: jobId(job, namespace) }
  if (name !== undefined) links['group'] = groupId(job, name, namespace)
  if (name !== undefined && task !== undefined) links['task'] = taskId(job, name, task, namespace)
  if (group) links['service'] = serviceOf(group, namespace, port)
  const all = records?.known ? current(records.value as Records, name) : undefined
  const past =
    records?.known && name !== undefined
      ? (records.value as Records).filter((record) => record.group === name && record.node !== '')
      : undefined
  const clients = past && [...new Set(past.map((record) => nodeId(record.node)))]
  const allocs = all?.filter(
    (record) =>
      (node === undefined || record.nodeName === node || record.node === node) &&
      (side.alloc === undefined || record.id.startsWith(side.alloc)),
  )
  if (node !== undefined) Object.assign(links, nodeNamed(node, world))
  else if (allocs?.length === 0) links['node'] = null
  return { label, links, allocs, ...(task === undefined ? {} : { task }), ...(clients ? { clients } : {}) }
}

/** The client of this name or id: null when it is none of them all, nothing while these are not known. */
function nodeNamed(node: string, { things }: World): { node?: string | null } {
  const known = [...things.values()].find(
    ({ kind, names }) => kind === 'node' && (names.nodeName === node || names.node === node),
  )
  return known ? { node: known.id } : things.get(clusterId)?.many.node ? { node: null } : {}
}

/** The service of a group that stands for the port asked about; the only one, or the first, when no port says more. */
export function serviceFor(group: GroupSpec, port: string | number | null): GroupSpec['services'][number] | undefined {
  const all = [...group.services, ...group.tasks.flatMap((task) => task.services)]
  return all.find((service) => port !== null && service.port === String(port)) ?? all[0]
}
const serviceOf = (group: GroupSpec, namespace: string, port: string | number | null): string | null => {
  const service = serviceFor(group, port)
  return service ? serviceId(service.name, namespace) : null
}

/** The task that serves the port: the service's task, the one whose driver lists the port, else the only main task. */
export function serving(group: GroupSpec, port: string | number | null): TaskSpec | undefined {
  const named = serviceFor(group, port)?.task
  const main = group.tasks.filter((task) => task.lifecycle === undefined && !task.name.startsWith('connect-'))
  return (
    group.tasks.find((task) => task.name === named) ??
    group.tasks.find(
      (task) => port !== null && Array.isArray(task.config['ports']) && task.config['ports'].includes(port),
    ) ??
    (main.length === 1 ? main[0] : undefined) ??
    group.tasks[0]
  )
}
