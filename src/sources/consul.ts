import { knownAdvice } from '../ask/advice.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Ask } from '../ask/request.ts'
import { filteredHeader, withRights, type Send } from './consul-rights.ts'
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
  const send: Send = async (request) => {
    if (request.node !== undefined) {
      if (commands) {
        const reply = await fetchOn(commands, request.node, `http://127.0.0.1:8500${request.path}`, headers)
        return { reply, filtered: false }
      }
      const reply = refused(
        'not-asked',
        'the Consul agent of a client listens on that client only, and commands on clients are not enabled',
      )
      return { reply, filtered: false }
    }
    const path = withQuery(request.path, {
      ns: endpoint.namespace,
      partition: endpoint.partition,
      dc: endpoint.datacenter,
    })
    let filtered = false
    const hears = (name: string, value: string): void => {
      if (name === filteredHeader && value === 'true') filtered = true
    }
    const reply = await server.send({ method: 'GET', path, headers, hears })
    const refusal = refusalOf(request, reply)
    const assumed = reply.status === -1 && endpoint.assumed === true
    const advice = assumed
      ? 'where Consul is: CONSUL_HTTP_ADDR or --consul-address'
      : knownAdvice('consul', endpoint.origin, refusal?.detail ?? '')
    if (!refusal || advice === undefined) return { reply, filtered }
    return { reply: { ...reply, refusal: { ...refusal, detail: `${refusal.detail}; ${advice}` } }, filtered }
  }
  const asked = withRights(send, endpoint.token !== undefined || endpoint.auth !== undefined)
  const ask: Ask = async (request) => {
    if (request.via !== 'consul') return refused('not-asked', 'not a request to Consul')
    const forbidden = consulForbids(request.path)
    return forbidden === null ? asked(request) : refused('not-asked', forbidden)
  }
  return { ask, close: server.close }
}
