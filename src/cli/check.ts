import { withoutPast } from '../derive/children.ts'
import { current } from '../derive/current.ts'
import type { Aim } from '../derive/things.ts'
import { value } from '../knowledge/held.ts'
import { nothingJudged, unsettled } from '../knowledge/unsettled.ts'
import { clusterId, nodeId } from '../knowledge/things.ts'
import { learn } from '../run/loop.ts'
import { NameError } from '../run/names.ts'
import { nameSide } from '../run/register.ts'
import { reported } from '../run/reported.ts'
import { commonFlags, connectionFlags, flagHelp, readFlags, textOf, UsageError, type Values } from './flags.ts'
import { nearest } from '../run/nearest.ts'
import { open, type Opened } from './open.ts'
import { formatOf, print, type Format } from './print.ts'
import { reader } from './reader.ts'
import { tell } from './tell.ts'

const flags = {
  job: { takes: 'JOB', does: 'this job only' },
  node: { takes: 'NODE', does: 'this client only: name or id' },
  all: { does: 'all jobs and all clients (what happens without --job and --node)' },
  ...commonFlags,
  ...connectionFlags,
  namespace: { takes: 'NAME', does: 'the jobs of this namespace only; * is all of them' },
} as const

export const checkHelp = `nomad-netdoctor check [--job JOB | --node NODE | --all]: every known fault, without a question

${flagHelp(flags)}

Exit codes: 0 nothing wrong found · 1 a finding that breaks or degrades · 2 wrong usage or unreadable input · 3 undetermined`

/** The survey, printed. */
export async function check(argv: readonly string[]): Promise<number | UsageError> {
  const read = readFlags(argv, flags, false)
  if (read instanceof UsageError) return read
  const { values } = read
  if (values['help'] === true) return (tell(`${checkHelp}\n`, values), 0)
  const format = formatOf(values)
  if (format instanceof UsageError) return format
  const opened = await open(values)
  if (opened instanceof UsageError) return opened
  try {
    return await checkIn(opened, values, format)
  } finally {
    await opened.close()
  }
}

async function checkIn(opened: Opened, values: Values, format: Format): Promise<number | UsageError> {
  const aim = await aimOf(values, opened)
  if (aim instanceof UsageError) return aim
  const report = await reported(aim, opened, reader)
  const frame = {
    source: { kind: opened.kind, where: opened.where },
    subject: {
      from: null,
      to: textOf(values, 'job') ?? textOf(values, 'node') ?? null,
      port: null,
      symptom: 'unknown',
    },
    survey: wordsOf(values, aim),
    ...(opened.title === undefined ? {} : { title: opened.title }),
  }
  print(report, frame, format, values)
  if (report.findings.some(({ severity }) => severity !== 'risks')) return 1
  const open = unsettled(report).faults.length + (report.signs ?? []).length
  return open > 0 || nothingJudged(report) ? 3 : 0
}

async function aimOf(values: Values, opened: Opened): Promise<Aim | UsageError> {
  const job = textOf(values, 'job')
  const node = textOf(values, 'node')
  const named = [
    ...(job === undefined ? [] : ['--job']),
    ...(node === undefined ? [] : ['--node']),
    ...(values['all'] === true ? ['--all'] : []),
  ]
  if (named.length > 1) return new UsageError(`${named.join(' and ')} exclude each other`)
  if (job !== undefined) {
    const meant = await nameSide(job, opened)
    const side = meant instanceof NameError ? (meant.whole ?? meant) : meant
    if (side instanceof NameError) return new UsageError(`--job ${job}: ${side.message}`, side.offers)
    if (side.kind !== 'workload') return new UsageError(`--job ${job}: is not a job`)
    return { kind: 'survey', jobs: [{ id: side.job, namespace: side.namespace }] }
  }
  if (node === undefined) return inNamespace(textOf(values, 'namespace'), opened)
  const side = await nameSide(`node:${bare(node)}`, opened)
  if (side instanceof NameError) return new UsageError(`--node ${node}: ${side.message}`, side.offers.map(bare))
  return side.kind === 'node'
    ? { kind: 'survey', jobs: await jobsOn(side.node, opened), nodes: [side.node] }
    : { kind: 'survey' }
}

/** `--node` says already what is named. */
const bare = (name: string): string => name.replace(/^node:/, '')

/** All jobs, or those of the one namespace that was asked for. */
async function inNamespace(namespace: string | undefined, { ask }: Opened): Promise<Aim | UsageError> {
  if (namespace === undefined || namespace === '*') return { kind: 'survey' }
  const wanted = (['cluster.jobs', 'cluster.own-jobs', 'cluster.namespaces'] as const).map((fact) => ({
    thing: clusterId,
    fact,
  }))
  const world = { things: new Map(), facts: await learn(wanted, { kind: 'survey', jobs: [], nodes: [] }, ask) }
  const listed = value(world, clusterId, 'cluster.jobs')
  const own = world.facts.get(clusterId)?.get('cluster.own-jobs')
  const jobs = withoutPast(listed?.filter((one) => one.namespace === namespace) ?? [], listed)
  if (jobs.length === 0 && own?.known === false && own.why === 'denied')
    return new UsageError(`--namespace ${namespace}: its jobs cannot be listed (${own.detail ?? own.why})`)
  const known = value(world, clusterId, 'cluster.namespaces')
  if (jobs.length === 0 && known && !known.includes(namespace))
    return new UsageError(`--namespace ${namespace}: there is no such namespace`, nearest(namespace, known))
  return listed ? { kind: 'survey', jobs: jobs.map(({ id }) => ({ id, namespace })) } : { kind: 'survey' }
}

/** The jobs that have an allocation on a client now. */
async function jobsOn(node: string, { ask }: Opened): Promise<readonly { id: string; namespace: string }[]> {
  const aim = { kind: 'survey', jobs: [], nodes: [node] } as const
  const lists = (['cluster.nodes', 'cluster.jobs'] as const).map((fact) => ({ thing: clusterId, fact }))
  const listed = await learn(lists, aim, ask)
  const known = value({ things: new Map(), facts: listed }, clusterId, 'cluster.nodes')
  const id = known?.find((one) => one.name === node || one.id === node)?.id
  if (id === undefined) return []
  const facts = await learn([{ thing: nodeId(id), fact: 'node.allocations' }], aim, ask, listed)
  const allocations = value({ things: new Map(), facts }, nodeId(id), 'node.allocations') ?? []
  const there = current(allocations).map(({ job, namespace }) => ({ id: job, namespace }))
  const jobs = withoutPast(there, value({ things: new Map(), facts }, clusterId, 'cluster.jobs'))
  return jobs.filter(
    (one, i) => jobs.findIndex((other) => other.id === one.id && other.namespace === one.namespace) === i,
  )
}

function wordsOf(values: Values, aim: Aim): string {
  const job = textOf(values, 'job')
  const node = textOf(values, 'node')
  const namespace = textOf(values, 'namespace') ?? '*'
  const none = aim.kind === 'survey' && aim.jobs?.length === 0
  const own = none ? `namespace ${namespace}, which has no jobs that can be seen` : `the jobs of namespace ${namespace}`
  const all = namespace === '*' ? 'all jobs and clients' : own
  return job === undefined ? (node === undefined ? all : `client ${bare(node)}`) : `job ${job}`
}
