import { dockerNetworks, dockerPs, netnsCommands, nodeCommands, taskCommands } from '../ask/commands.ts'
import { consul } from '../ask/consul.ts'
import { nomad } from '../ask/nomad.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import {
  choose,
  fields,
  filesOf,
  idsOf,
  list,
  renderedOf,
  type CaptureSubject,
  type ServiceRow,
  type Stub,
} from './capture-choice.ts'
import { mostRendered } from '../ask/rendered.ts'
import { limit } from './limit.ts'

export interface CaptureOptions {
  /** Called after each answer. */
  readonly progress?: (asked: number) => void
  /** Most allocations looked into; the newest running ones first. */
  readonly allocations?: number
}

const get = (path: string): Request => ({ via: 'nomad', path })

/**
 * Asks the wide standard set of questions about a subject, in the spellings of `nomad.ts`, `consul.ts` and `commands.ts`.
 * Wrap the source in a recorder: refusals are recorded too, so that the case replays to the same report.
 */
export async function capture(source: Ask, subject: CaptureSubject, options: CaptureOptions = {}): Promise<number> {
  let asked = 0
  const gate = limit(16)
  const ask = (request: Request): Promise<Reply> =>
    gate(async () => {
      const reply = await source(request)
      asked += 1
      options.progress?.(asked)
      return reply
    })
  const askAll = (requests: readonly Request[]): Promise<Reply[]> => Promise.all(requests.map(ask))

  async function top(): Promise<{ nodes: readonly Stub[]; allocs: readonly Stub[]; services: readonly ServiceRow[] }> {
    const [nodes, allocs, everywhere, services] = await Promise.all([
      ask(nomad.nodes()),
      ask(nomad.allocations()),
      ask(nomad.everyAllocation()),
      ask(nomad.services()),
    ])
    await askAll([
      nomad.jobs(),
      nomad.allJobs(),
      nomad.leader(),
      nomad.agent(),
      nomad.members(),
      nomad.regions(),
      nomad.namespaces(),
    ])
    await askAll([get('/v1/node/pools'), nomad.evaluations(), get('/v1/deployments'), nomad.scheduler(), nomad.token()])
    const all = list(everywhere) as readonly Stub[]
    return {
      nodes: list(nodes) as readonly Stub[],
      allocs: all.length > 0 ? all : (list(allocs) as readonly Stub[]),
      services: list(services) as readonly ServiceRow[],
    }
  }

  async function job(id: string, namespace: string | undefined): Promise<void> {
    const document = fields(await ask(nomad.job(id, namespace)))
    await askAll([
      nomad.jobVersions(id, namespace),
      nomad.jobAllocations(id, namespace),
      nomad.jobEvaluations(id, namespace),
      nomad.jobSummary(id, namespace),
    ])
    await askAll([nomad.jobServices(id, namespace), nomad.jobDeployments(id, namespace)])
    if (typeof document['Version'] !== 'number') return
    await askAll([nomad.submission(id, document['Version'], namespace), nomad.plan(id, document, namespace)])
  }

  async function alloc({ ID: id, Namespace: namespace, NodeID: node = '', TaskStates: tasks }: Stub): Promise<void> {
    const document = fields(await ask(nomad.allocation(id)))
    await askAll([
      nomad.allocationServices(id, namespace),
      nomad.allocationChecks(id),
      get(`/v1/client/allocation/${id}/checks`),
      nomad.files(id, '/'),
    ])
    const running = Object.entries(tasks ?? {}).filter(([, { State }]) => State === 'running')
    await askAll(
      renderedOf(document, new Set(running.map(([task]) => task))).map((path) =>
        nomad.fileStart(id, path, mostRendered),
      ),
    )
    await askAll(
      Object.keys(tasks ?? {}).flatMap((task) => [nomad.logs(id, task, 'stdout'), nomad.logs(id, task, 'stderr')]),
    )
    await askAll(
      running.flatMap(([task]) => taskCommands.map((argv): Request => ({ via: 'task', alloc: id, task, argv }))),
    )
    if (running.length > 0)
      await askAll(netnsCommands.map((argv): Request => ({ via: 'netns', node, alloc: id, argv })))
  }

  async function node(id: string): Promise<void> {
    const run = (argv: readonly string[]): Promise<Reply> => ask({ via: 'node', node: id, argv })
    await askAll([
      nomad.node(id),
      nomad.nodeAllocations(id),
      nomad.nodeMetadata(id),
      get(`/v1/client/stats?node_id=${id}`),
    ])
    const agent = fields(await ask(nomad.nodeAgent(id)))
    const client = (agent['config'] as { Client?: { CNIPath?: string; CNIConfigDir?: string } } | undefined)?.Client
    await Promise.all(nodeCommands.filter((argv) => argv !== dockerPs && argv !== dockerNetworks).map(run))
    for (const [folder, look] of [
      ...[...new Set((client?.CNIPath || '/opt/cni/bin').split(':'))]
        .filter((folder) => folder !== '')
        .map((folder) => [folder, (file: string) => ['env', 'CNI_COMMAND=VERSION', file]] as const),
      [client?.CNIConfigDir || '/opt/cni/config', (file: string) => ['cat', file]],
    ] as const) {
      const listing = await run(['ls', '-l', folder])
      await Promise.all(filesOf(listing.body).map((name) => run(look(`${folder}/${name}`))))
    }
    for (const [table, inspect] of [
      [dockerPs, ['docker', 'inspect']],
      [dockerNetworks, ['docker', 'network', 'inspect']],
    ] as const) {
      const ids = idsOf((await run(table)).body)
      if (ids.length > 0) await run([...inspect, ...ids])
    }
  }

  async function mesh(nodes: readonly string[]): Promise<void> {
    const agents = [undefined, ...nodes].flatMap((id) =>
      ['self', 'members', 'services', 'checks'].map((part): Request => ({
        via: 'consul',
        path: `/v1/agent/${part}`,
        ...(id === undefined ? {} : { node: id }),
      })),
    )
    const names = await ask(consul.catalogServices())
    await askAll(agents)
    await askAll([consul.catalogNodes(), consul.intentions(), { via: 'consul', path: '/v1/connect/ca/roots' }])
    await askAll(['service-defaults', 'service-intentions', 'proxy-defaults'].map(consul.entries))
    await askAll(
      Object.keys(fields(names)).flatMap((name) => [consul.catalog(name), consul.health(name), consul.connect(name)]),
    )
  }

  const { nodes, allocs, services } = await top()
  const wanted = choose(subject, allocs, options.allocations ?? 100)
  const jobs = new Map(wanted.map((each) => [`${each.Namespace} ${each.JobID}`, each]))
  for (const side of [subject.from, subject.to])
    if (side?.job !== undefined)
      jobs.set(`${side.namespace ?? 'default'} ${side.job}`, {
        ID: '',
        JobID: side.job,
        Namespace: side.namespace ?? 'default',
      })
  const whole = subject.from === null && subject.to === null
  const named = nodes.filter(({ ID, Name }) =>
    [subject.from?.node, subject.to?.node].some((name) => name !== undefined && (name === Name || ID.startsWith(name))),
  )
  const ids = new Set(
    whole || wanted.length === 0
      ? nodes.map(({ ID }) => ID)
      : [...wanted.flatMap(({ NodeID }) => NodeID ?? []), ...named.map(({ ID }) => ID)],
  )
  await Promise.all([
    ...[...ids].map(node),
    ...[...jobs.values()].map(({ JobID = '', Namespace }) => job(JobID, Namespace)),
    ...wanted.map(alloc),
    ...services.flatMap(({ Namespace, Services }) =>
      Services.map(({ ServiceName }) => ask(nomad.service(ServiceName, Namespace))),
    ),
    mesh([...ids]),
  ])
  return asked
}
