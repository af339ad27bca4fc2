import type { Unknown } from '../knowledge/fact.ts'
import type { FactKey, Facts } from '../knowledge/facts.ts'
import { value } from '../knowledge/held.ts'
import type { JobSpec } from '../knowledge/shapes/job.ts'
import { clusterId, jobId } from '../knowledge/things.ts'
import { last } from './last.ts'
import type { State } from './state.ts'

/** What is known of the cluster before anything was judged: all that the first screen needs. */

/** A fact about the whole cluster. */
export const cluster = <K extends FactKey>({ facts }: Pick<State, 'facts'>, key: K): Facts[K] | undefined =>
  value({ things: new Map(), facts }, clusterId, key)

const refusal = ({ facts }: State, key: FactKey): Unknown | undefined => {
  const held = facts.get(clusterId)?.get(key)
  return held && !held.known ? held : undefined
}

export const heldJobs = (state: State): Facts['cluster.jobs'] => cluster(state, 'cluster.jobs') ?? []

export const specOf = ({ facts }: State, job: string, namespace: string): JobSpec | undefined =>
  value({ things: new Map(), facts }, jobId(job, namespace), 'job.spec')

/** Nobody there, or nobody asked. */
const nobody: ReadonlySet<Unknown['why']> = new Set(['offline', 'not-asked', 'not-recorded'])

/** What is in reach, for the one calm line of the home screen. */
export interface Reach {
  readonly nodes?: { readonly ready: number; readonly total: number }
  readonly jobs?: number
  readonly version?: string
  readonly consul?: string
  /** Consul is there or may be, and did not say its version. */
  readonly consulRefused?: Unknown
  readonly token?: string
  /** The first thing that was refused. */
  readonly refused?: Unknown
}

export const reachOf: (state: State) => Reach = last(
  (state) => {
    const nodes = cluster(state, 'cluster.nodes')
    const jobs = cluster(state, 'cluster.jobs')
    const acl = cluster(state, 'cluster.acl')
    const refused = refusal(state, 'cluster.nodes') ?? refusal(state, 'cluster.jobs')
    const version = cluster(state, 'cluster.version') ?? nodes?.[0]?.version
    const consul = cluster(state, 'cluster.consul.version')
    const consulRefused = refusal(state, 'cluster.consul.version')
    return {
      ...(nodes
        ? { nodes: { ready: nodes.filter(({ status }) => status === 'ready').length, total: nodes.length } }
        : {}),
      ...(jobs ? { jobs: jobs.length } : {}),
      ...(version === undefined ? {} : { version }),
      ...(consul === undefined ? {} : { consul }),
      ...(consulRefused && !nobody.has(consulRefused.why) ? { consulRefused } : {}),
      ...(acl ? { token: tokenWords(acl) } : {}),
      ...(refused ? { refused } : {}),
    }
  },
  ({ facts }) => [facts],
)

/** What the token is called, and by what it may do what it may. */
function tokenWords({ enabled, token, policies }: Facts['cluster.acl']): string {
  if (!enabled) return 'no ACLs'
  const name = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(token) ? token.slice(0, 8) : token
  return `token ${name}${policies.length > 0 ? ` (${policies.join(', ')})` : ''}`
}

/** Whether there is anything to look at: a cluster that does not answer is as good as none. */
export function reachable(state: State): boolean {
  const why = reachOf(state).refused?.why
  return state.place.kind !== 'none' && why !== 'offline' && why !== 'timed-out' && why !== 'failed'
}
