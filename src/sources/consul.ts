import { refusalOf } from '../ask/refusal.ts'
import type { Ask, Reply } from '../ask/request.ts'
import type { Endpoint } from './endpoint.ts'
import { http, type HttpOptions } from './http.ts'
import { fetchOn } from './node-http.ts'
import type { Commands } from './node.ts'
import { consulForbids, withQuery } from './paths.ts'
import { refused } from './reply.ts'

export interface ConsulSource {
  readonly ask: Ask
  readonly close: () => Promise<void>
}

function consulHeaders({ token, auth }: Endpoint): Record<string, string> {
  return {
    ...(token ? { 'x-consul-token': token } : {}),
    ...(auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {}),
  }
}

/**
 * The Consul HTTP API. With `node`, the agent beside that Nomad client is asked from that machine,
 * because it usually listens there on loopback only.
 */
export function consulSource(endpoint: Endpoint, commands: Commands | null, options: HttpOptions = {}): ConsulSource {
  const server = http(endpoint, options)
  const headers = consulHeaders(endpoint)
  const ask: Ask = async (request): Promise<Reply> => {
    if (request.via !== 'consul') return refused('not-asked', 'not a request to Consul')
    const forbidden = consulForbids(request.path)
    if (forbidden !== null) return refused('not-asked', forbidden)
    if (request.node !== undefined) {
      if (commands) return fetchOn(commands, request.node, `http://127.0.0.1:8500${request.path}`, headers)
      return refused(
        'not-asked',
        'the Consul agent of a client listens on that client only, and commands on clients are not enabled',
      )
    }
    const path = withQuery(request.path, {
      ns: endpoint.namespace,
      partition: endpoint.partition,
      dc: endpoint.datacenter,
    })
    const reply = await server.send({ method: 'GET', path, headers })
    if (reply.status !== -1 || !endpoint.assumed) return reply
    const { why, detail } = refusalOf(request, reply) ?? { why: 'offline', detail: 'no answer' }
    return { ...reply, refusal: { why, detail: `${detail}; where Consul is: CONSUL_HTTP_ADDR or --consul-address` } }
  }
  return { ask, close: server.close }
}
