import { capabilitiesOf } from '../ask/capability.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import type { Endpoint } from './endpoint.ts'
import { http, type Http, type HttpOptions, type HttpQuestion } from './http.ts'
import { limit } from './limit.ts'
import { nomadForbids, withQuery } from './paths.ts'
import { refused } from './reply.ts'
import { shortly } from './shortly.ts'

type NomadRequest = Extract<Request, { via: 'nomad' }>

export interface NomadSource {
  readonly ask: Ask
  /** The connection itself, for the exec stream of `task.ts`. */
  readonly http: Http
  readonly headers: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** Lists are asked in the user's namespace; a single thing without a namespace is in the default one (`inNamespace`). */
const lists = /^\/v1\/(jobs|allocations|evaluations|deployments|services|volumes)(\?|$)/

export function nomadHeaders({ token, auth }: Endpoint): Record<string, string> {
  return {
    accept: 'application/json, text/plain, */*',
    ...(token ? { 'x-nomad-token': token } : {}),
    ...(auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {}),
  }
}

/** The user's own token is asked what it may do; its secret stays out of replies, screens and recordings. */
function withoutSecret(path: string, reply: Reply): Reply {
  if (!path.startsWith('/v1/acl/token/self')) return reply
  return {
    ...reply,
    body: reply.body.replace(/("SecretID"\s*:\s*)"[^"]*"/g, '$1"00000000-0000-0000-0000-000000000000"'),
  }
}

/** Where there is no token, or none the servers know, it is not that the token lacks something. */
function withoutToken(request: NomadRequest, reply: Reply, what: string): Reply {
  const needs = capabilitiesOf(request)
  const missing = needs.length === 0 ? '' : `, and this needs ${needs.join(' and ')}`
  return { ...reply, refusal: { why: 'denied', detail: `HTTP ${reply.status}: ${what}${missing}` } }
}

const noToken = 'no token is set (NOMAD_TOKEN, --token)'
const strangeToken = 'the servers do not know this token, or it has expired (NOMAD_TOKEN, --token)'

/** The Nomad HTTP API. With `node`, that client's own agent is asked, at the address the servers know. */
export function nomadSource(endpoint: Endpoint, options: HttpOptions = {}): NomadSource {
  const server = http(endpoint, options)
  const clients = new Map<string, Promise<Http | Reply>>()
  const headers = nomadHeaders(endpoint)
  const gate = limit(options.connections ?? 8)

  const send = (to: Http, request: NomadRequest): Promise<Reply> => {
    const { method = 'GET', body } = request
    const path = withQuery(request.path, {
      region: endpoint.region,
      ...(lists.test(request.path) ? { namespace: endpoint.namespace } : {}),
    })
    const question: HttpQuestion = {
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    return gate(async () => {
      const reply = withoutSecret(request.path, await to.send(question))
      if (endpoint.auth !== undefined || refusalOf(request, reply)?.why !== 'denied') return reply
      if (endpoint.token === undefined) return withoutToken(request, reply, noToken)
      return (await isStrange(withQuery('/v1/acl/token/self', { region: endpoint.region })))
        ? withoutToken(request, reply, strangeToken)
        : reply
    })
  }
  // Whoever has a token may read it: refused even there, it is none. One that is no token at all fails to be parsed;
  // the identity of a workload is good, but is in no list of tokens (404).
  const isStrange = shortly(async (path): Promise<boolean> => {
    const { status, body } = await server.send({ method: 'GET', path, headers })
    return status === 403 || (status === 500 && /token|key ID|authenticating/i.test(body))
  })

  async function clientOf(node: string): Promise<Http | Reply> {
    const request: NomadRequest = { via: 'nomad', path: `/v1/node/${encodeURIComponent(node)}` }
    const reply = await send(server, request)
    const refusal = refusalOf(request, reply)
    if (refusal)
      return refused(refusal.why, `the servers do not say where the agent of that client answers: ${refusal.detail}`)
    const found = readAddress(reply.body)
    if (!found) return refused('not-found', 'the servers name no HTTP address for that client')
    const origin = `${found.tls ? 'https' : 'http'}://${found.address}`
    // Certificates of clients name the role, as the nomad command expects.
    const serverName = found.tls && !endpoint.tls.skipVerify ? `client.${endpoint.region ?? 'global'}.nomad` : undefined
    return http({ ...endpoint, origin, socketPath: undefined, tls: { ...endpoint.tls, serverName } }, options)
  }

  const ask: Ask = async (request) => {
    if (request.via !== 'nomad') return refused('not-asked', 'not a request to Nomad')
    const forbidden = nomadForbids(request.method ?? 'GET', request.path)
    if (forbidden !== null) return refused('not-asked', forbidden)
    if (request.node === undefined) return send(server, request)
    let client = clients.get(request.node)
    if (!client) clients.set(request.node, (client = clientOf(request.node)))
    const found = await client
    if ('send' in found) return send(found, request)
    clients.delete(request.node) // asked again next time
    return found
  }
  return {
    ask,
    http: server,
    headers,
    async close() {
      const opened = await Promise.all(clients.values())
      await Promise.all([server, ...opened.filter((client) => 'close' in client)].map((each) => each.close()))
    },
  }
}

function readAddress(body: string): { address: string; tls: boolean } | null {
  try {
    const node = JSON.parse(body) as { HTTPAddr?: unknown; TLSEnabled?: unknown }
    const address = typeof node.HTTPAddr === 'string' ? node.HTTPAddr : ''
    return /^[\w.:[\]-]+:\d+$/.test(address) ? { address, tls: node.TLSEnabled === true } : null
  } catch {
    return null
  }
}
