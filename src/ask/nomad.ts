/** Request spellings of the Nomad HTTP API (https://developer.hashicorp.com/nomad/api-docs), spelt once. */
import type { Request } from './request.ts'

const get = (path: string): Request => ({ via: 'nomad', path })

/** `path` with the namespace it lives in: the default namespace is left out, others are named, `*` means all. */
export function inNamespace(path: string, namespace: string | undefined): string {
  if (namespace === undefined || namespace === 'default') return path
  return `${path}${path.includes('?') ? '&' : '?'}namespace=${namespace === '*' ? '*' : encodeURIComponent(namespace)}`
}

const word = encodeURIComponent

export const nomad = {
  nodes: () => get('/v1/nodes?resources=true&os=true'),
  node: (id: string) => get(`/v1/node/${word(id)}`),
  nodeAllocations: (id: string) => get(`/v1/node/${word(id)}/allocations`),
  nodeMetadata: (id: string) => get(`/v1/client/metadata?node_id=${word(id)}`),
  nodeAgent: (id: string): Request => ({ via: 'nomad', path: '/v1/agent/self', node: id }),
  agent: () => get('/v1/agent/self'),
  leader: () => get('/v1/status/leader'),
  members: () => get('/v1/agent/members'),
  regions: () => get('/v1/regions'),
  namespaces: () => get('/v1/namespaces'),
  token: () => get('/v1/acl/token/self'),
  scheduler: () => get('/v1/operator/scheduler/configuration'),
  jobs: () => get('/v1/jobs?meta=true'),
  /** Whether jobs of the own namespace may be listed, whatever their number. */
  anyJob: () => get('/v1/jobs?per_page=1'),
  allJobs: () => get('/v1/jobs?meta=true&namespace=*'),
  job: (id: string, ns?: string) => get(inNamespace(`/v1/job/${word(id)}`, ns)),
  jobVersions: (id: string, ns?: string) => get(inNamespace(`/v1/job/${word(id)}/versions`, ns)),
  jobSummary: (id: string, ns?: string) => get(inNamespace(`/v1/job/${word(id)}/summary`, ns)),
  jobDeployments: (id: string, ns?: string) => get(inNamespace(`/v1/job/${word(id)}/deployments`, ns)),
  jobAllocations: (id: string, ns?: string) => get(inNamespace(`/v1/job/${word(id)}/allocations?all=true`, ns)),
  jobEvaluations: (id: string, ns?: string) => get(inNamespace(`/v1/job/${word(id)}/evaluations`, ns)),
  jobServices: (id: string, ns?: string) => get(inNamespace(`/v1/job/${word(id)}/services`, ns)),
  submission: (id: string, version: number, ns?: string) =>
    get(inNamespace(`/v1/job/${word(id)}/submission?version=${version}`, ns)),
  plan: (id: string, job: unknown, ns?: string): Request => ({
    via: 'nomad',
    method: 'POST',
    path: inNamespace(`/v1/job/${word(id)}/plan`, ns),
    body: { Job: job, Diff: true },
  }),
  /** Without a body: what was recorded; a live server answers it with an error. */
  parse: (): Request => ({ via: 'nomad', method: 'POST', path: '/v1/jobs/parse' }),
  /** The servers' own reading of a job file, without what they would fill in; nothing is registered. */
  parseText: (hcl: string, variables: string, ns?: string): Request => ({
    via: 'nomad',
    method: 'POST',
    path: inNamespace('/v1/jobs/parse', ns),
    body: { JobHCL: hcl, Canonicalize: false, ...(variables === '' ? {} : { Variables: variables }) },
  }),
  validate: (job: unknown, ns?: string): Request => ({
    via: 'nomad',
    method: 'POST',
    path: inNamespace('/v1/validate/job', ns),
    body: { Job: job },
  }),
  evaluations: () => get('/v1/evaluations'),
  allAllocations: () => get('/v1/allocations?resources=true&task_states=true&namespace=*'),
  allocations: () => get('/v1/allocations?resources=true&task_states=true'),
  /** Of all namespaces that may be read. */
  everyAllocation: () => get('/v1/allocations?resources=true&task_states=true&namespace=*'),
  allocation: (id: string) => get(`/v1/allocation/${word(id)}`),
  /** The one question about an allocation that needs its namespace. */
  allocationServices: (id: string, ns?: string) => get(inNamespace(`/v1/allocation/${word(id)}/services`, ns)),
  allocationChecks: (id: string) => get(`/v1/allocation/${word(id)}/checks`),
  files: (id: string, path: string) => get(`/v1/client/fs/ls/${word(id)}?path=${path}`),
  file: (id: string, path: string) => get(`/v1/client/fs/cat/${word(id)}?path=${path}`),
  /** The first characters of a file. */
  fileStart: (id: string, path: string, most: number) =>
    get(`/v1/client/fs/readat/${word(id)}?path=${path.split('/').map(word).join('/')}&offset=0&limit=${most}`),
  logs: (id: string, task: string, type: 'stdout' | 'stderr') =>
    get(`/v1/client/fs/logs/${word(id)}?task=${word(task)}&type=${type}&plain=true&origin=end&offset=20000`),
  services: () => get('/v1/services?namespace=*'),
  service: (name: string, ns?: string) => get(inNamespace(`/v1/service/${word(name)}`, ns)),
} as const
