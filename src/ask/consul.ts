/** Request spellings of the Consul HTTP API (https://developer.hashicorp.com/consul/api-docs), spelt once. */
import type { Request } from './request.ts'

const get = (path: string): Request => ({ via: 'consul', path })
const word = encodeURIComponent

export const consul = {
  agent: () => get('/v1/agent/self'),
  members: () => get('/v1/agent/members'),
  catalogServices: () => get('/v1/catalog/services'),
  catalogNodes: () => get('/v1/catalog/nodes'),
  catalog: (service: string) => get(`/v1/catalog/service/${word(service)}`),
  health: (service: string) => get(`/v1/health/service/${word(service)}`),
  connect: (service: string) => get(`/v1/catalog/connect/${word(service)}`),
  intentions: () => get('/v1/connect/intentions'),
  entries: (kind: string) => get(`/v1/config/${word(kind)}`),
  nodeAgent: (node: string): Request => ({ via: 'consul', path: '/v1/agent/self', node }),
  nodeServices: (node: string): Request => ({ via: 'consul', path: '/v1/agent/services', node }),
  nodeChecks: (node: string): Request => ({ via: 'consul', path: '/v1/agent/checks', node }),
} as const
