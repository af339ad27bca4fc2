import { value } from '../knowledge/held.ts'
import { symptoms, type Side, type Subject } from '../knowledge/subject.ts'
import { clusterId, jobId } from '../knowledge/things.ts'
import { learn } from '../run/loop.ts'
import { checkName, NameError, parseName, type Known } from '../run/names.ts'
import { symptomOf, type NamedSide } from '../run/subject.ts'
import { textOf, UsageError, type Values } from './flags.ts'
import type { Opened } from './open.ts'

/** The subject that flags name; what they leave out comes from the case. */
export async function subjectFrom(values: Values, opened: Opened): Promise<Subject | UsageError> {
  const from = await sideFrom('from', values, opened)
  if (from instanceof UsageError) return from
  const to = await sideFrom('to', values, opened)
  if (to instanceof UsageError) return to
  const symptom = textOf(values, 'symptom')
  if (symptom !== undefined && !Object.hasOwn(symptoms, symptom))
    return new UsageError(`--symptom ${symptom}: there is no such symptom`, Object.keys(symptoms))
  if (to === null && from === null)
    return new UsageError(
      'say who cannot reach whom: --from NAME --to NAME (or --case DIR with a case that names them)',
    )
  const port = textOf(values, 'port')
  const wrong = port === undefined || to === null ? undefined : await wrongPort(port, to, opened)
  if (wrong) return wrong
  const dials = textOf(values, 'dials') ?? opened.subject?.dials
  return {
    from,
    to,
    port: port === undefined ? (opened.subject?.port ?? null) : /^\d+$/.test(port) ? Number(port) : port,
    symptom: symptom === undefined ? (opened.subject?.symptom ?? 'unknown') : symptomOf(symptom),
    ...(dials === undefined ? {} : { dials }),
  }
}

/** A label that the target's group does not declare; a number may be any port. */
async function wrongPort(port: string, to: Side, { ask }: Opened): Promise<UsageError | undefined> {
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
  return new UsageError(`--port ${port}: ${id} declares no such port`, labels)
}

async function sideFrom(flag: 'from' | 'to', values: Values, opened: Opened): Promise<Side | null | UsageError> {
  const text = textOf(values, flag)
  if (text === undefined) return opened.subject?.[flag] ?? null
  const side = await nameSide(text, opened)
  return side instanceof NameError ? new UsageError(`--${flag} ${text}: ${side.message}`, side.offers) : side
}

/** Reads a name and checks it against what the source knows. */
export async function nameSide(text: string, opened: Opened): Promise<Side | NameError> {
  const named = parseName(text, opened.namespace)
  if (named instanceof NameError) return named
  return checkName(text, named, await known(named, opened))
}

/** Only the lists this name is checked against are asked for. */
async function known({ namespace = 'default', job, service, node }: NamedSide, { ask }: Opened): Promise<Known> {
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
