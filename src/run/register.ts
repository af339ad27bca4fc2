import type { Ask } from '../ask/request.ts'
import { value } from '../knowledge/held.ts'
import type { Side } from '../knowledge/subject.ts'
import { clusterId, jobId } from '../knowledge/things.ts'
import { learn } from './loop.ts'
import { checkName, NameError, parseName, type Known } from './names.ts'
import type { NamedSide } from './subject.ts'

/** Where names are looked up; `namespace` is that of names without one. */
export interface Register {
  readonly ask: Ask
  readonly namespace: string
}

/** Reads a name and checks it against what the source knows. */
export async function nameSide(text: string, register: Register): Promise<Side | NameError> {
  const named = parseName(text, register.namespace)
  if (named instanceof NameError) return named
  return checkName(text, named, await known(named, register))
}

/** Only the lists this name is checked against are asked for. */
async function known({ namespace = 'default', job, service, node }: NamedSide, { ask }: Register): Promise<Known> {
  const jobs = job === undefined ? [] : [{ id: job, namespace }]
  const aim = { kind: 'survey', jobs } as const
  const wanted = [
    ...(job === undefined
      ? []
      : [
          { thing: clusterId, fact: 'cluster.jobs' },
          { thing: jobId(job, namespace), fact: 'job.spec' },
        ]),
    ...(job !== undefined && /^[0-9a-f-]{4,36}$/i.test(job) ? [{ thing: clusterId, fact: 'cluster.allocations' }] : []),
    ...(service === undefined
      ? []
      : [
          { thing: clusterId, fact: 'cluster.services' },
          { thing: clusterId, fact: 'cluster.consul.services' },
        ]),
    ...(node === undefined ? [] : [{ thing: clusterId, fact: 'cluster.nodes' }]),
  ]
  const world = { things: new Map(), facts: await learn(wanted, aim, ask) }
  const native = value(world, clusterId, 'cluster.services')
  const consul = value(world, clusterId, 'cluster.consul.services')
  const spec = job === undefined ? undefined : value(world, jobId(job, namespace), 'job.spec')
  const listed = value(world, clusterId, 'cluster.jobs')
  const nodes = value(world, clusterId, 'cluster.nodes')
  const allocations = value(world, clusterId, 'cluster.allocations')
  return {
    // A job that was refused at submit is in no list, yet a recorded parse may know it.
    ...(listed ? { jobs: spec ? [...listed, { id: spec.id, namespace: spec.namespace }] : listed } : {}),
    ...(native || consul
      ? { services: [...(native ?? []), ...(consul ?? []).map((name) => ({ name, namespace }))] }
      : {}),
    ...(nodes ? { nodes } : {}),
    ...(allocations ? { allocations } : {}),
    ...(spec
      ? { groups: spec.groups.map((group) => ({ name: group.name, tasks: group.tasks.map((task) => task.name) })) }
      : {}),
  }
}

/** A label that the target's group does not declare; a number may be any port. */
export async function wrongPort(port: string, to: Side, ask: Ask): Promise<NameError | undefined> {
  if (/^\d+$/.test(port) || to.kind !== 'workload') return undefined
  const { job: id, namespace, group: name } = to
  const facts = await learn(
    [{ thing: jobId(id, namespace), fact: 'job.spec' }],
    { kind: 'survey', jobs: [{ id, namespace }] },
    ask,
  )
  const spec = value({ things: new Map(), facts }, jobId(id, namespace), 'job.spec')
  const groups = spec?.groups.filter((group) => name === undefined || group.name === name) ?? []
  const declared = groups.flatMap(({ network, services, tasks }) => [
    ...(network?.ports ?? []).map(({ label }) => label),
    ...tasks.flatMap((task) => task.networks.flatMap(({ ports }) => ports.map(({ label }) => label))),
    ...[...services, ...tasks.flatMap((task) => task.services)].map((service) => service.port),
  ])
  const labels = [...new Set(declared)].filter((label) => label !== '')
  if (groups.length === 0 || labels.includes(port)) return undefined
  return new NameError(`${id} declares no such port`, labels)
}
