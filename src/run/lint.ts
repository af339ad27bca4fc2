import type { Held, Seen } from '../knowledge/fact.ts'
import { clusterId, jobId, nodeId } from '../knowledge/things.ts'
import type { FileNode } from '../probes/agent-file.ts'
import type { FileJob } from '../probes/job-file.ts'
import { picture, pictureOfSome, type Picture, type Shown } from './loop.ts'
import type { RawFacts } from './look.ts'

const nothingTold = { answers: {}, checks: {} }

/** What files say besides jobs: the clients these will meet, and the namespaces. */
export interface Around {
  readonly nodes: readonly FileNode[]
  readonly namespaces?: Held<unknown>
  /** Names that the job files judged together give to something. */
  readonly names?: readonly string[]
}

/** Judges jobs that exist only as files: the same faults over the same facts. What needs a cluster stays unknown. */
export const judgeJobs = (...all: Parameters<typeof ofJobs>): Picture => picture(...ofJobs(...all))

/** Judges the clients themselves. */
export const judgeClients = (around: Around): Picture => picture(...ofClients(around))

/** The same, of all faults or of some. */
export const shownInJobs = (only: Only, ...all: Parameters<typeof ofJobs>): Shown =>
  only ? pictureOfSome(only, ...ofJobs(...all)) : judgeJobs(...all)
export const shownInClients = (only: Only, around: Around): Shown =>
  only ? pictureOfSome(only, ...ofClients(around)) : judgeClients(around)

type Only = ReadonlySet<string> | undefined
type Asked = Parameters<typeof picture>

function ofJobs(jobs: readonly FileJob[], around: Around = { nodes: [] }): Asked {
  const facts = new Map(factsOf(around))
  for (const { id, namespace, held } of jobs) facts.set(jobId(id, namespace), new Map([['job.spec', held]]))
  const aimed = jobs.map(({ id, namespace }) => ({ id, namespace }))
  // Clients are judged once, not again for every job.
  const nodes = around.nodes.length > 0 ? { nodes: [] } : {}
  return [{ kind: 'survey', jobs: aimed, ...nodes }, facts, nothingTold]
}

const ofClients = (around: Around): Asked => [{ kind: 'survey', jobs: [] }, factsOf(around), nothingTold]

function factsOf({ nodes, namespaces, names = [] }: Around): RawFacts {
  const facts = new Map<string, ReadonlyMap<string, Held<unknown>>>(nodes.map((one) => [nodeId(one.id), one.facts]))
  const clients = nodes.filter(({ client }) => client)
  const seen = nodes.flatMap((one) => [...one.facts.values()]).find((held) => held.known)?.seen
  const cluster = new Map<string, Held<unknown>>()
  if (seen) cluster.set('cluster.nodes', { known: true, value: nodes.map(listed), seen })
  if (seen && clients.length > 0)
    cluster.set('cluster.offers', { known: true, value: clients.map(({ offer }) => offer), seen })
  if (namespaces) cluster.set('cluster.namespace-rules', namespaces)
  cluster.set('cluster.service-names', { known: true, value: names, seen: bySome })
  facts.set(clusterId, cluster)
  return facts
}

const bySome: Seen = { by: 'job-files', ask: '["file"]', request: 'the job files', excerpt: '', at: '' }

/** Groups for which none of the clients is meant, though there are some: the clients' side of them was not judged. */
export function withoutClient({ world }: Picture, { nodes }: Around): readonly string[] {
  const clients = nodes.filter(({ client }) => client).length
  if (clients === 0) return []
  return [...world.things.values()].flatMap(({ id, kind, names: { job = '', group = '' } }) => {
    const held = kind === 'group' ? world.facts.get(id)?.get('group.candidates') : undefined
    if (!held?.known || (held.value as readonly unknown[]).length > 0) return []
    const none = clients === 1 ? 'the client given is not one' : `none of the ${clients} clients given is one`
    return [`group ${group} of job ${job}: ${none} that its datacenters, node pool and constraints allow`]
  })
}

const listed = ({ id, name, offer: { status, eligible, datacenter } }: FileNode) => ({
  id,
  name,
  status,
  eligible,
  address: '',
  datacenter,
  version: '',
})
